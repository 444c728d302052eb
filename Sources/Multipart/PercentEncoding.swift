/// Percent-encoding of RFC 3986 §2.1.
enum PercentEncoding {
    /// The bytes with each `%XX` decoded; nil where a `%` is not followed by two hexadecimal digits.
    static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            guard byte == ASCII.percent else {
                out.append(byte)
                continue
            }
            guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    /// The text with every byte encoded that is neither unreserved (RFC 3986 §2.3) nor in `allowed`.
    static func encoded(_ text: String, allowing allowed: StaticString = "-._~") -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte.isAlphanumeric || allowed.withUTF8Buffer({ $0.contains(byte) }) {
                out.append(byte)
            } else {
                out.append(ASCII.percent)
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 0x0F))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
