import HTTPTypes
import JSON
import Multipart
import NIOCore
import Unified
import Upstream

extension ResponseWriter {
    /// Writes the response of a unified call.
    func deliver(_ response: UnifiedResponse) async throws {
        // Its digest is of the whole, and goes before it.
        if case .pieces(let pieces, let extra) = response, wantedDigest == nil {
            return try await send(.ok, Reply.jsonHeaders(extra), pieces)
        }
        if let reply = Reply(response) { return try await send(reply) }
        guard case .stream(let status, let contentType, let length, let body, let extra) = response else { return }
        var headers = HTTPFields()
        headers[.contentType] = contentType ?? "application/octet-stream"
        headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
        if let length { headers[.contentLength] = String(length) }
        headers.replace(with: extra)
        try await stream(.init(code: status), headers, body)
    }
}

extension Reply {
    /// The response of a unified call that is held whole; nil for one that streams.
    init?(_ response: UnifiedResponse) {
        switch response {
        case .json(let text, let extra):
            self.init(status: .ok, headers: Self.jsonHeaders(extra), body: text)
        case .pieces(let pieces, let extra):
            self.init(status: .ok, headers: Self.jsonHeaders(extra), body: pieces.whole)
        case .bytes(let status, let contentType, let bytes, let extra):
            self.init(status: .init(code: status), body: bytes)
            headers[.contentType] = contentType
            headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
            headers.replace(with: extra)
        case .stream: return nil
        }
    }

    fileprivate static func jsonHeaders(_ extra: HTTPFields) -> HTTPFields {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers.replace(with: extra)
        return headers
    }
}
