import JSON

/// Turns a provider's answer into unified records. Pure.
public struct ResponseMapper: Sendable {
    public let plan: MethodPlan
    public let call: PlannedCall

    public init(_ plan: MethodPlan, _ call: PlannedCall) {
        self.plan = plan
        self.call = call
    }

    /// Maps an answer that was read whole.
    ///
    /// A mapping that gives null drops the record. `remote_data` is the provider's record unless the mapping says
    /// otherwise. Values the schema calls strings become strings: ids are texts whatever the provider sends.
    ///
    /// - Throws: `expressionFailed`; refusals of the provider are `.failure`, not thrown.
    public func map(
        _ answer: ProviderAnswer, request: OutgoingRequest, scope: CallScope
    ) throws(CatalogError) -> MappedAnswer {
        if let failure = try failure(answer, request: request, scope: scope) { return .failure(failure) }
        let data = try data(of: answer)
        let isList = plan.unifiedMethod.answer == .list
        let items = isList ? Self.items(data) : [data ?? .null]
        let records = try records(items, answer, request, scope)
        let input = MappingScope.response(scope, request: request, answer: answer, response: data)
        let pages = Paginator(call.method.pagination ?? plan.integration.pagination)
        let next = isList ? try pages.next(answer, count: items.count, scope: scope) : nil
        return .page(
            MappedPage(
                records: records, nextCursor: next, previousCursor: nil,
                isPartial: try isPartial(data, input), headers: try answerHeaders(input)
            )
        )
    }

    /// A list's records: nothing is none, a single value is one.
    private static func items(_ data: JSONValue?) -> [JSONValue] {
        switch data {
        case nil, .null?: []
        case .array(let items)?: items
        case let value?: [value]
        }
    }

    private func records(
        _ items: [JSONValue], _ answer: ProviderAnswer, _ request: OutgoingRequest, _ scope: CallScope
    ) throws(CatalogError) -> [JSONObject] {
        var input = MappingScope.response(scope, request: request, answer: answer, response: nil)
        if call.mapping.responseIsArray == true {
            input["response"] = .array(items)
            let mapped = Self.items(try call.mapping.response?.evaluate(input))
            // Rows can be paired with their raw records only where the mapping kept them all.
            let isAligned = mapped.count == items.count
            var records: [JSONObject] = []
            for (at, value) in mapped.enumerated() {
                guard let object = value.object else { continue }
                records.append(finished(object, raw: isAligned ? items[at] : .null))
            }
            return records
        }
        var records: [JSONObject] = []
        for item in items {
            input["response"] = item
            let mapped = call.mapping.response == nil ? item : try call.mapping.response?.evaluate(input)
            guard var object = mapped?.object else { continue }
            if let account = plan.accountResponseMapping, let extra = try account.evaluate(input)?.object {
                for (key, value) in extra { object[key] = value }
            }
            records.append(finished(object, raw: item))
        }
        return records
    }

    private func finished(_ object: JSONObject, raw: JSONValue) -> JSONObject {
        // A field that the provider does not give is absent, and null is its way of not giving one.
        let given = JSONObject(object.elements.filter { !$0.value.isNull })
        var record = SchemaCoercion.coerce(given, schema: plan.schema.json)
        if record["remote_data"] == nil, !raw.isNull { record["remote_data"] = raw }
        return record
    }

    private func isPartial(_ data: JSONValue?, _ input: JSONObject) throws(CatalogError) -> Bool {
        guard let expression = plan.mapping.isPartial else { return false }
        var scope = input
        scope["data"] = data
        return try expression.evaluate(scope).isTruthy
    }

    private func answerHeaders(_ input: JSONObject) throws(CatalogError) -> [(name: String, value: String)] {
        guard let object = try call.mapping.responseHeaders?.evaluate(input)?.object else { return [] }
        var headers = HeaderList()
        for (name, value) in object where !value.isNull { headers.set(name, value.plainText) }
        return try headers.checked()
    }
}
