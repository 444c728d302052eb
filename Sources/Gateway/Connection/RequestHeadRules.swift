import NIOHTTP1
import Unified

/// What a request's head has to be, beyond what the parser sees to, for the request to be carried out.
enum RequestHeadRules {
    /// Longest request line, and longest header field, in bytes.
    static let longestField = 64 << 10
    /// Bytes of all fields of one head together.
    static let longestHead = 128 << 10

    static var parserLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = longestField
        limits.maxHeaderListSize = longestHead
        return limits
    }

    /// What a head is refused for; nil for one that may pass.
    static func fault(_ head: HTTPRequestHead) -> APIError? {
        if head.version.major > 1, let fault = streamFault(head) { return fault }
        return hostFault(head) ?? codingFault(head)
    }

    /// What the parser of HTTP/1.1 sees to, for a head that came without it: sizes, and the form of target and length.
    private static func streamFault(_ head: HTTPRequestHead) -> APIError? {
        let fields = head.headers.map { $0.name.utf8.count + $0.value.utf8.count }
        if max(fields.max() ?? 0, head.uri.utf8.count) > longestField || fields.reduce(head.uri.utf8.count, +) > longestHead
            || fields.count > parserLimits.maxHeaderFieldCount
        {
            return APIError(HTTPParserError.headerOverflow)
        }
        if head.headers["content-length"].contains(where: { !$0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) {
            return APIError(HTTPParserError.invalidContentLength)
        }
        if head.uri.hasPrefix("/") || head.method == .OPTIONS && head.uri == "*" || head.method == .CONNECT { return nil }
        return malformed("The path does not begin with a slash", ":path")
    }

    /// One `Host` or `:authority`, and a valid one (RFC 9112 §3.2, RFC 9113 §8.3.1); HTTP/1.0 may leave it out.
    private static func hostFault(_ head: HTTPRequestHead) -> APIError? {
        let hosts = head.headers["host"]
        switch hosts.count {
        case 1: return isHost(hosts[0]) ? nil : malformed("Host is not a host name with an optional port", "host")
        case 0: return head.version == .http1_0 ? nil : malformed("The request has no Host", "host")
        default: return malformed("The request has more than one Host", "host")
        }
    }

    /// Only `chunked`, once, is decoded here (RFC 9112 §6.1): what another coding hides would be stored as it is.
    private static func codingFault(_ head: HTTPRequestHead) -> APIError? {
        let fields = head.headers["transfer-encoding"]
        guard !fields.isEmpty else { return nil }
        let codings = fields.flatMap { $0.split(separator: ",") }.map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        if codings.contains(where: { $0 != "chunked" }) {
            return APIError(
                .notImplemented, "Transfer-Encoding may only be chunked", param: "transfer-encoding",
                hint: "Send the body as it is, with Content-Length or Transfer-Encoding: chunked")
        }
        guard codings.count == 1, head.version.minor > 0 else {
            return malformed("Transfer-Encoding is not allowed as it is used here", "transfer-encoding")
        }
        return nil
    }

    /// `uri-host [":" port]` (RFC 9110 §7.2), by the characters that may stand in one.
    private static func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~:[]%!$&'()*+;=".utf8.contains(byte)
            }
        }
    }

    private static func malformed(_ message: String, _ param: String) -> APIError {
        APIError(.malformedRequest, message, param: param)
    }
}

extension APIError {
    /// What bytes are answered with that the parser cannot read as a request.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow:
            self.init(
                .headersTooLarge,
                "The request line or the header fields are longer than \(RequestHeadRules.longestField) bytes each or \(RequestHeadRules.longestHead) together, or too many"
            )
        case .invalidMethod: self.init(.malformedRequest, "The method is unknown; methods are written in capitals")
        case .invalidVersion, .invalidConstant: self.init(.malformedRequest, "The request is not HTTP/1.1")
        case .invalidURL, .invalidHost, .invalidPort, .invalidPath, .invalidQueryString, .invalidFragment:
            self.init(.malformedRequest, "The address holds a character that must be percent-encoded")
        case .invalidHeaderToken: self.init(.malformedRequest, "A header field holds a character that must not stand in one")
        case .invalidContentLength, .unexpectedContentLength:
            self.init(
                .malformedRequest,
                "The length of the body is not clear: Content-Length is no number, is there twice, or stands beside Transfer-Encoding",
                param: "content-length")
        default: self = .unreadableRequest
        }
    }

    /// What came is no request at all.
    static let unreadableRequest = APIError(.malformedRequest, "What came is not a request as HTTP/1.1 frames one")

    /// The chunks of a body are not as RFC 9112 §7.1 has them.
    static let unreadableBody = APIError(.invalidBody, "The body is not framed as HTTP/1.1 demands")

    static let tooManyConnections = APIError(.overloaded, "The gateway has as many connections as it may have")
        .header("retry-after", "1")

    static let headTooSlow = APIError(.tooSlow, "The head of the request did not come in time")

    /// - Parameter pace: the least that has to come.
    static func bodyTooSlow(_ pace: String) -> APIError {
        APIError(.tooSlow, "The body moves too slowly: at least \(pace)", hint: "Send it again over a better connection")
    }
}
