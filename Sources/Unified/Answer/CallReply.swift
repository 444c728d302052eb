import Catalog
import JSON

/// Writes what a mapped call found as the answer of its method (docs/wire.md#responses).
struct CallReply {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// - Parameter last: the provider call that the debug format shows; nil where none was made.
    func reply(_ page: MappedPage, last: (request: OutgoingRequest, answer: ProviderAnswer)?) -> UnifiedAnswer {
        let parameters = exchange.parameters
        let shape = RecordShape(parameters, schema: exchange.plan.schema)
        let records = page.records.map(shape.apply)
        let result: JSONValue
        switch exchange.plan.unifiedMethod.answer {
        case .list:
            let list = ListAnswer(
                records: records, nextCursor: page.nextCursor, isPartial: page.isPartial)
            result = .object(list.json(keyBy: parameters.keyBy))
        case .deletion: result = ["id": records.first?["id"] ?? exchange.call.id.map(JSONValue.string) ?? .null]
        case .wrapped: result = ["result": records.first.map(JSONValue.object) ?? .null]
        case .record, .binary: result = .object(records.first ?? [:])
        }
        var headers = page.headers.map { APIError.Header($0.name, $0.value) }
        if let last { headers = APIError.Header.rateLimits(last.answer) + headers }
        guard parameters.format == .debug else { return .json(result, headers: headers) }
        let debug = last.map { last in
            DebugView(secrets: exchange.secretTexts, last.request).json(last.request, last.answer)
        } ?? .null
        return .json(["result": result, "debug": debug], headers: headers)
    }
}
