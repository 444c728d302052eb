import Catalog
import JSON
import NIOCore
import Upstream

/// A call about one record: get, create, update, delete or a custom method.
struct RecordCall {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    func perform(_ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        let parameters = exchange.parameters
        if parameters.bodyPassthrough, let body = exchange.call.body {
            return try await BodyPassage(exchange).perform(body, deliver)
        }
        let upload = try await Upload(exchange)
        var scope = try exchange.scope(body: upload.body.map(JSONValue.object), remoteData: upload.remoteData)
        try upload.requireFile()
        try exchange.validate(scope)

        let calls: [PlannedCall]
        switch try exchange.plan.route(for: scope) {
        case .single(let call): calls = [call]
        case .firstFound(let several), .concatenated(let several): calls = several
        case .fixed(let value): return try await deliver(.json(value, headers: []))
        }
        for (at, planned) in calls.enumerated() {
            let request = try RequestBuilder(exchange.plan, planned).build(scope)
            let body = try upload.outgoing(request, planned: planned)
            let upstream = try exchange.upstreamRequest(request, body: body.body, contentType: body.contentType)
            if parameters.format == .raw || parameters.format == .stream {
                return try await ProviderPassage(exchange).send(upstream, deliver)
            }
            let response = try await exchange.service.upstream.send(
                upstream, upTo: exchange.service.limits.maxAnswerBytes)
            let answer = ProviderExchange.answer(response)
            scope.body = try upload.bodyAfterSending().map(JSONValue.object)
            if at + 1 < calls.count,
                let failure = try ResponseMapper(exchange.plan, planned).failure(
                    answer, request: request, scope: scope), failure.isNotFound
            {
                continue
            }
            let page = try await exchange.map(answer, planned: planned, request: request, scope: scope)
            return try await deliver(reply(page, request, answer, scope))
        }
    }

    private func reply(
        _ page: MappedPage, _ request: OutgoingRequest, _ answer: ProviderAnswer, _ scope: CallScope
    ) -> UnifiedAnswer {
        let shape = RecordShape(exchange.parameters, schema: exchange.plan.schema)
        let record = page.records.first.map(shape.apply)
        let result: JSONValue =
            switch exchange.plan.unifiedMethod.answer {
            case .deletion: ["id": (record?["id"] ?? scope.id.map(JSONValue.string)) ?? .null]
            case .wrapped: ["result": record.map(JSONValue.object) ?? .null]
            default: .object(record ?? [:])
            }
        let headers =
            APIError.Header.rateLimits(answer) + page.headers.map { APIError.Header($0.name, $0.value) }
        guard exchange.parameters.format == .debug else { return .json(result, headers: headers) }
        return .json(["result": result, "debug": exchange.debug(request, answer)], headers: headers)
    }
}
