@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Text as JavaScript makes it of any value (ECMA-262 §7.1.17).
extension Context {
    func plainText(_ value: Value) throws -> String { swiftString(try scriptText(value)) }

    /// A value within a joined list, where null and undefined are empty.
    func joinedText(_ value: Value) throws -> String {
        value.isUndefined || value.tag == .null ? "" : try plainText(value)
    }
}

/// Numbers in text as JavaScript reads them.
enum ScriptNumber {
    /// `Number(text)`: NaN where the whole text is no number; empty text is 0.
    static func whole(_ text: String) -> Double {
        let text = text.trimmingSpace
        if text.isEmpty { return 0 }
        let lower = text.lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
            let digits = lower.dropFirst(2)
            guard let first = digits.first, first != "+", first != "-" else { return .nan }
            return Int(digits, radix: radix).map { Double($0) } ?? .nan
        }
        let number = prefix(of: text)
        return number.length == text.utf8.count ? number.value : .nan
    }

    /// `parseFloat(text)`: the number the text begins with, NaN if there is none.
    static func leading(_ text: String) -> Double { prefix(of: text.trimmingSpace).value }

    private static func prefix(of text: String) -> (value: Double, length: Int) {
        let bytes = Array(text.utf8)
        var at = 0
        func digits() -> Int {
            let start = at
            while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 { at += 1 }
            return at - start
        }
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { at = 1 }
        if bytes[at...].starts(with: "Infinity".utf8) { return (isNegative ? -.infinity : .infinity, at + 8) }
        var count = digits()
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            let fraction = digits()
            if count + fraction == 0 { return (.nan, 0) }
            count += fraction
        }
        guard count > 0 else { return (.nan, 0) }
        let mantissa = at
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            if digits() == 0 { at = mantissa }
        }
        var number = String(decoding: bytes[..<at], as: UTF8.self)
        if number.hasSuffix(".") { number.removeLast() }
        return (Double(number) ?? .nan, at)
    }
}
