import Encodings

/// The segments of a request target's path.
enum PathSegments {
    /// Percent-decoded (RFC 3986 §2.1), empty ones dropped; what does not decode stays as it was sent.
    static func of(_ path: Substring) -> [String] {
        var segments: [String] = []
        segments.reserveCapacity(8)
        var rest = Array(path.utf8)[...]
        while !rest.isEmpty {
            let bytes = rest.prefix { $0 != UInt8(ascii: "/") }
            rest = rest[bytes.endIndex...].dropFirst()
            if bytes.isEmpty { continue }
            let segment = String(decoding: bytes, as: UTF8.self)
            segments.append(bytes.contains(UInt8(ascii: "%")) ? PercentEncoding.decoded(segment) ?? segment : segment)
        }
        return segments
    }
}
