import Catalog
import HTTPTypes
import JSON
import Multipart
import NIOCore
import Upstream

/// A download whose bytes come as base64 inside a document.
struct FileInDocument {
    private let exchange: ProviderExchange
    private let planned: PlannedCall
    private let expression: MappingExpression

    init(_ exchange: ProviderExchange, _ planned: PlannedCall, _ expression: MappingExpression) {
        self.exchange = exchange
        self.planned = planned
        self.expression = expression
    }

    /// - Returns: the response of a provider that refused to give the file, or has none; nil where it was delivered.
    /// - Throws: `bad_provider_response` for content that is no base64.
    func send(
        _ upstream: UpstreamRequest, _ request: OutgoingRequest, _ scope: CallInput,
        _ deliver: (UnifiedResponse) async throws -> Void
    ) async throws -> ProviderResponse? {
        let response = try await exchange.send(upstream)
        let file = try await exchange.evaluation.run(response.body.readableBytes) { () throws -> Found in
            let response = ProviderResponse(response, of: planned.method)
            try exchange.requireReadable(response, of: planned.method)
            let mapper = ResponseMapper(exchange.plan, planned)
            if try mapper.failure(response, request: request, scope: scope) != nil { return .refused(response) }
            guard let file = try planned.file(in: response, request: request, scope: scope) else {
                return .refused(ProviderResponse(status: 404, headers: response.headers, json: nil))
            }
            return .file(file, try decoded(file.content))
        }
        switch file {
        case .refused(let response): return response
        case .file(let file, let bytes):
            if request.isAtOwnHost { await exchange.credentials.accepted() }
            try await deliver(
                .bytes(
                    status: 200, contentType: file.contentType ?? "application/octet-stream", bytes,
                    headers: FileDownload.saved(as: file.name) + RateLimitFields.normalized(response.headers)))
            return nil
        }
    }

    private enum Found {
        case refused(ProviderResponse)
        case file(FileInResponse, ByteBuffer)
    }

    private func decoded(_ text: String) throws -> ByteBuffer {
        var decoder = Base64Decoder()
        do {
            var bytes = try decoder.decode(ByteBuffer(string: text))
            var rest = try decoder.finish()
            bytes.writeBuffer(&rest)
            return bytes
        } catch {
            throw APIError(.badProviderResponse, "The provider's file is not base64")
        }
    }
}
