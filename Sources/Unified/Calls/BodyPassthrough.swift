import Catalog
import HTTPTypes
import JSON
import NIOCore
import Upstream

/// `truto_body_passthrough`: the caller's body goes to the provider byte for byte, with its own content type.
struct BodyPassthrough {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    func perform(_ inbound: InboundBody, _ deliver: (UnifiedResponse) async throws -> Void) async throws {
        let scope = exchange.plan.shared(try exchange.scope())
        let route = try await exchange.evaluation.run { try exchange.plan.route(for: scope) }
        guard case .single(let planned) = route else {
            throw APIError(.methodNotSupported, "This method takes no body to pass through")
        }
        let limit = min(planned.method.maxFileSize.map(Int64.init) ?? .max, exchange.service.limits.maxFileBytes)
        if let length = inbound.contentLength, length - (1 << 20) > limit { throw APIError.fileTooLarge(limit: limit) }
        let request = try await exchange.evaluation.run { try RequestBuilder(exchange.plan, planned).build(scope) }
        var upstream = try exchange.upstreamRequest(
            request, body: try await body(inbound, limit: limit),
            contentType: inbound.contentType ?? "application/octet-stream")
        upstream.isIdempotent = planned.method.idempotent
        exchange.renewing(&upstream, request) { [exchange, sent = upstream] context in
            var scope = scope
            scope.context = context
            let request = try RequestBuilder(exchange.plan, planned).build(scope)
            return try exchange.upstreamRequest(request, body: sent.body, contentType: sent.headers[.contentType])
        }
        let turns = try await exchange.sends(planned.method, isMain: true)
        defer { turns.end() }
        if exchange.parameters.format == .raw || exchange.parameters.format == .stream {
            let refusal = try await ResponsePassthrough(exchange, planned).send(upstream, request, scope: scope, deliver)
            guard let refusal else { return }
            throw try await ResponsePassthrough(exchange, planned).error(refusal, request, scope)
        }
        let response = try await exchange.send(upstream)
        turns.end()
        let bytes = response.body.readableBytes
        let parsed = ProviderResponse(response, of: planned.method)
        if request.isAtOwnHost, planned.method.isSuccess(parsed.status) { await exchange.credentials.accepted() }
        let mapped = try await exchange.evaluation.run(bytes) {
            try exchange.requireReadable(parsed, of: planned.method)
            return try ResponseMapper(exchange.plan, planned).map(parsed, request: request, scope: scope)
        }
        switch mapped {
        case .failure(let failure): throw await exchange.refusal(failure, of: request, parsed)
        case .page(let page):
            let reply = try await exchange.evaluation.run(bytes) {
                try ResponseRenderer(exchange).reply(page, shown: CompletedCall(request, parsed), bytes: bytes)
            }
            try await deliver(reply)
        }
    }

    /// Small bodies are read whole, so that a safe retry can send them again; others stream.
    private func body(_ inbound: InboundBody, limit: Int64) async throws -> UpstreamRequest.Body {
        let lookahead = exchange.lookahead
        if let length = inbound.contentLength, length <= lookahead {
            var whole = ByteBuffer()
            for try await var chunk in inbound.chunks { whole.writeBuffer(&chunk) }
            return .bytes(whole)
        }
        return .stream(length: inbound.contentLength) { writer in
            var total: Int64 = 0
            for try await chunk in inbound.chunks {
                total += Int64(chunk.readableBytes)
                guard total - (1 << 20) <= limit else { throw APIError.fileTooLarge(limit: limit) }
                try await writer.write(chunk)
            }
        }
    }
}
