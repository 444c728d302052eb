package import HTTPTypes
package import NIOCore
package import Upstream

/// What a unified call is answered with.
package enum UnifiedResponse: Sendable {
    /// `200` with the text of a JSON document.
    case json(ByteBuffer, headers: HTTPFields)
    /// `200` with the text of a long JSON document.
    case pieces(JSONPieces, headers: HTTPFields)
    /// The provider's status, type and bytes (`truto_response_format=raw`).
    case bytes(status: Int, contentType: String?, ByteBuffer, headers: HTTPFields)
    /// The provider's status, type and bytes as they arrive (`truto_response_format=stream`).
    case stream(status: Int, contentType: String?, contentLength: Int64?, UpstreamBody, headers: HTTPFields)
}

extension UnifiedResponse {
    /// Adds header fields, in place of those with the same names.
    func adding(_ fields: HTTPFields) -> UnifiedResponse {
        func joined(_ headers: HTTPFields) -> HTTPFields {
            var headers = headers
            headers.replace(with: fields)
            return headers
        }
        return switch self {
        case .json(let text, let headers): .json(text, headers: joined(headers))
        case .pieces(let pieces, let headers): .pieces(pieces, headers: joined(headers))
        case .bytes(let status, let type, let bytes, let headers):
            .bytes(status: status, contentType: type, bytes, headers: joined(headers))
        case .stream(let status, let type, let length, let body, let headers):
            .stream(status: status, contentType: type, contentLength: length, body, headers: joined(headers))
        }
    }
    /// The document and its header fields, where the response is one.
    var document: (text: ByteBuffer, headers: HTTPFields)? {
        switch self {
        case .json(let text, let headers): (text, headers)
        case .pieces(let pieces, let headers): (pieces.whole, headers)
        case .bytes, .stream: nil
        }
    }
}
