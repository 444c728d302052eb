import HTTPTypes
import JSON
import Multipart
import NIOCore
import Unified
import Upstream

extension Outlet {
    /// Writes the answer of a unified call.
    func deliver(_ answer: UnifiedAnswer) async throws {
        if let reply = Reply(answer) { return try await send(reply) }
        guard case .stream(let status, let contentType, let length, let body, let extra) = answer else { return }
        var headers = HTTPFields()
        headers[.contentType] = contentType ?? "application/octet-stream"
        headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
        if let length { headers[.contentLength] = String(length) }
        headers.append(extra)
        try await stream(.init(code: status), headers, body)
    }
}

extension Reply {
    /// The answer of a unified call that is held whole; nil for one that streams.
    init?(_ answer: UnifiedAnswer) {
        switch answer {
        case .json(let text, let extra):
            self.init(status: .ok, headers: [.contentType: "application/json"], body: text)
            headers.append(extra)
        case .bytes(let status, let contentType, let bytes, let extra):
            self.init(status: .init(code: status), body: bytes)
            headers[.contentType] = contentType
            headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
            headers.append(extra)
        case .stream: return nil
        }
    }
}

extension HTTPFields {
    fileprivate mutating func append(_ extra: [APIError.Header]) {
        for header in extra {
            if let name = HTTPField.Name(header.name) { self[name] = header.value }
        }
    }
}
