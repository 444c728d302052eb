import HTTPTypes
import JSON
import Multipart
import NIOCore
import Unified
import Upstream

extension Outlet {
    /// Writes the answer of a unified call.
    func deliver(_ answer: UnifiedAnswer) async throws {
        switch answer {
        case .json(let value, let extra):
            var reply = Reply.json(value)
            reply.headers.append(extra)
            try await send(reply)
        case .bytes(let status, let contentType, let bytes, let extra):
            var headers = HTTPFields()
            headers[.contentType] = contentType
            headers.append(extra)
            try await send(Reply(status: .init(code: status), headers: headers, body: bytes))
        case .stream(let status, let contentType, let length, let body, let extra):
            var headers = HTTPFields()
            headers[.contentType] = contentType ?? "application/octet-stream"
            if let length { headers[.contentLength] = String(length) }
            headers.append(extra)
            try await stream(.init(code: status), headers, body)
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
