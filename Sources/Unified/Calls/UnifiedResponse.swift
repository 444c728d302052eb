package import NIOCore
package import Upstream

/// What a unified call is answered with.
package enum UnifiedResponse: Sendable {
    /// `200` with the text of a JSON document.
    case json(ByteBuffer, headers: [APIError.Header])
    /// The provider's status, type and bytes (`truto_response_format=raw`).
    case bytes(status: Int, contentType: String?, ByteBuffer, headers: [APIError.Header])
    /// The provider's status, type and bytes as they arrive (`truto_response_format=stream`).
    case stream(status: Int, contentType: String?, contentLength: Int64?, UpstreamBody, headers: [APIError.Header])
}

extension UnifiedResponse {
    func adding(_ header: APIError.Header) -> UnifiedResponse {
        switch self {
        case .json(let text, let headers): .json(text, headers: headers + [header])
        case .bytes(let status, let type, let bytes, let headers):
            .bytes(status: status, contentType: type, bytes, headers: headers + [header])
        case .stream(let status, let type, let length, let body, let headers):
            .stream(status: status, contentType: type, contentLength: length, body, headers: headers + [header])
        }
    }
}
