import Catalog
import JSON
import Upstream

/// A call by its mappings: drives `CallMachine`, which decides, and does what it decides.
struct MappedCall {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    func perform(_ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        let format = exchange.parameters.format
        let upload = try await Upload(exchange)
        let scope = try exchange.scope(body: upload.body.map(JSONValue.object), remoteData: upload.remoteData)
        try upload.requireFile()
        try exchange.validate(scope)

        var machine = CallMachine(exchange.plan, scope)
        var action = try machine.start()
        var last: (request: OutgoingRequest, answer: ProviderAnswer)?
        while case .send(let request, let planned) = action {
            let body = try upload.outgoing(request, planned: planned)
            let upstream = try exchange.upstreamRequest(request, body: body.body, contentType: body.contentType)
            let isMain = machine.isMainCall
            if isMain, format == .raw || format == .stream || exchange.plan.unifiedMethod.answer == .binary {
                return try await ProviderPassage(exchange).send(upstream, deliver)
            }
            let response = try await exchange.service.upstream.send(
                upstream, upTo: exchange.service.limits.maxAnswerBytes)
            let answer = ProviderExchange.answer(response)
            if isMain || last == nil { last = (request, answer) }
            try exchange.requireReadable(answer, of: planned.method)
            if let body = try upload.bodyAfterSending() { machine.learned(body: .object(body)) }
            action = try machine.received(answer)
        }
        guard case .finished(let outcome) = action else { return }
        switch outcome {
        case .fixed(let value): try await deliver(.json(value, headers: []))
        case .failure(let failure):
            guard let last else { throw APIError(.internalError, "A call failed that was never made") }
            throw await exchange.refusal(failure, last.answer)
        case .page(let page): try await deliver(CallReply(exchange).reply(page, last: last))
        }
    }
}
