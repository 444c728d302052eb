/// The segments of a request target's path.
enum PathSegments {
    /// Percent-decoded (RFC 3986 §2.1), empty ones dropped; what does not decode stays as it was sent.
    static func of(_ path: some StringProtocol) -> [String] {
        path.split(separator: "/").map { segment in
            segment.utf8.contains(UInt8(ascii: "%")) ? decoded(segment.utf8) ?? String(segment) : String(segment)
        }
    }

    private static func decoded(_ bytes: some Collection<UInt8>) -> String? {
        var out: [UInt8] = []
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hex), let low = rest.next().flatMap(hex) else { return nil }
            out.append(high << 4 | low)
        }
        return String(validating: out, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
