import Encodings

/// The segments of a request target's path.
enum PathSegments {
    /// Percent-decoded (RFC 3986 §2.1), empty ones dropped; what does not decode stays as it was sent.
    static func of(_ path: Substring) -> [String] {
        Array(path.utf8).split(separator: UInt8(ascii: "/")).map { bytes in
            let segment = String(decoding: bytes, as: UTF8.self)
            return bytes.contains(UInt8(ascii: "%")) ? PercentEncoding.decoded(segment) ?? segment : segment
        }
    }
}
