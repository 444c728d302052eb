public import JSON
public import NIOCore
public import Upstream

/// What a unified call is answered with.
public enum UnifiedAnswer: Sendable {
    /// `200` with a JSON document.
    case json(JSONValue, headers: [APIError.Header])
    /// The provider's status, type and bytes (`truto_response_format=raw`).
    case bytes(status: Int, contentType: String?, ByteBuffer, headers: [APIError.Header])
    /// The provider's status, type and bytes as they arrive (`truto_response_format=stream`).
    case stream(status: Int, contentType: String?, contentLength: Int64?, UpstreamBody, headers: [APIError.Header])
}
