/// Percent-encoding (RFC 3986 §2.1).
package enum PercentEncoding {
    /// The text with every byte encoded that is neither unreserved (RFC 3986 §2.3) nor in `others`, so that by default
    /// it is one segment of a path or one value of a query.
    ///
    /// - Parameter others: ASCII that stays as it is besides.
    package static func encoded(_ text: some StringProtocol, keeping others: String = "") -> String {
        encoded(text) { isUnreserved($0) || others.utf8.contains($0) }
    }

    /// The text with every byte encoded but those that `keeps` is true of.
    package static func encoded(_ text: some StringProtocol, keeping keeps: (UInt8) -> Bool) -> String {
        // Where the bytes lie: taken one by one from another module's text, each would cost a call.
        text.utf8.withContiguousStorageIfAvailable { encoded($0, keeps) } ?? encoded(text.utf8, keeps)
    }

    private static func encoded(_ text: some Collection<UInt8>, _ keeps: (UInt8) -> Bool) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        for byte in text {
            if keeps(byte) {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(Hex.digit(byte >> 4, isUppercase: true))
                out.append(Hex.digit(byte & 15, isUppercase: true))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes with each `%XX` decoded; nil where a `%` is not followed by two hexadecimal digits.
    @inlinable package static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.underestimatedCount)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    /// The text decoded; nil where it is not percent-encoded UTF-8.
    package static func decoded(_ text: some StringProtocol) -> String? {
        bytes(text.utf8).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The text decoded as far as it can be: a `%` that no two hexadecimal digits follow stays, and what is not UTF-8
    /// becomes U+FFFD.
    ///
    /// - Parameter plusIsSpace: as in forms.
    package static func decodedLeniently(_ text: some StringProtocol, plusIsSpace: Bool) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first?.hexValue, let low = rest.dropFirst().first?.hexValue {
                out.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                out.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    @inlinable package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
