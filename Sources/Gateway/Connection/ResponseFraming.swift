import NIOHTTP1

/// How the end of a response is told to the client of a request (RFC 9112 §6.3), and whether it has a body at all.
struct ResponseFraming {
    enum Framing {
        /// By a length, by chunks, by the end of its stream, or by there being no body.
        case inside
        /// By the end of the connection: the client knows no chunks.
        case untilClose
    }

    private var isHead = false
    private var version = HTTPVersion.http1_1
    /// Whether bytes may follow the response's head: not after HEAD, 1xx, 204 and 304, whatever a provider said.
    private(set) var hasBody = true

    init() {}

    init(to request: HTTPRequestHead) {
        isHead = request.method == .HEAD
        version = request.version
    }

    /// Gives a response's head the fields that frame its body.
    mutating func frame(_ head: inout HTTPResponseHead) -> Framing {
        head.headers.remove(name: "transfer-encoding")
        guard head.status.mayHaveResponseBody else {
            head.headers.remove(name: "content-length")
            hasBody = false
            return .inside
        }
        hasBody = !isHead
        // A stream of HTTP/2 ends with the body (RFC 9113 §8.1).
        if head.headers.contains(name: "content-length") || isHead || version.major > 1 { return .inside }
        guard version.minor > 0 else { return .untilClose }
        head.headers.add(name: "transfer-encoding", value: "chunked")
        return .inside
    }
}
