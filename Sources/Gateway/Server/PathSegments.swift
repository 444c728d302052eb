import Encodings

/// The segments of a request target's path.
enum PathSegments {
    /// Percent-decoded (RFC 3986 §2.1), empty ones dropped; what does not decode stays as it was sent.
    static func of(_ path: some StringProtocol) -> [String] {
        path.split(separator: "/").map { segment in
            segment.utf8.contains(UInt8(ascii: "%")) ? PercentEncoding.decoded(segment) ?? String(segment) : String(segment)
        }
    }
}
