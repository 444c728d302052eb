import HTTPTypes
import JSON
import Multipart
import NIOCore
import Unified
import Upstream

extension ResponseWriter {
    /// Writes the response of a unified call.
    func deliver(_ response: UnifiedResponse) async throws {
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
            self.init(status: .ok, headers: [.contentType: "application/json"], body: text)
            headers.replace(with: extra)
        case .bytes(let status, let contentType, let bytes, let extra):
            self.init(status: .init(code: status), body: bytes)
            headers[.contentType] = contentType
            headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
            headers.replace(with: extra)
        case .stream: return nil
        }
    }
}
