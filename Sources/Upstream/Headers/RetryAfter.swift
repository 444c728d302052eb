/// What providers say about when to come back.
package enum RetryAfter {
    /// The longest wait that is passed on: a day.
    package static let longest = 86_400

    /// `Retry-After` as whole seconds from now, from seconds or an HTTP date (RFC 9110 §10.2.3).
    ///
    /// At least 1, as public clients know integers only and take 0 for "at once"; at most a day. A fraction is rounded
    /// up, a moment already past is 1. nil for what is neither.
    /// - Parameter now: seconds since 1970.
    package static func seconds(_ text: String, now: Int64) -> Int? {
        let text = text.trimmed
        if let seconds = Double(decimal: text) { return bounded(seconds) }
        return HTTPDate.seconds(text).map { bounded(Double($0 - now)) }
    }

    static func bounded(_ seconds: Double) -> Int {
        Int(min(max(seconds.rounded(.up), 1), Double(longest)))
    }
}

extension String {
    var trimmed: String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        return String(decoding: utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }
}

extension Double {
    /// Digits with an optional sign and fraction; none of `nan`, `inf`, hexadecimal or exponents.
    init?(decimal text: String) {
        let allowed = text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        guard allowed, text.utf8.contains(where: \.isDigit), let value = Double(text) else { return nil }
        self = value
    }
}
