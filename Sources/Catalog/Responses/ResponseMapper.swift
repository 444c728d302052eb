import JSON
import JSONata

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
        let page = try ResponsePage(answer)
        let data = try call.method.responsePath.map { (path) throws(CatalogError) in
            try page.evaluate(path, on: page.body, variables: CallVariables.of(request, scope, answer, for: path))
        } ?? page.body
        let isList = plan.unifiedMethod.answer == .list
        // A record that `response_path` did not find is one that is not there, and nothing to make a record of.
        let isMissing = call.method.responsePath != nil && (data.isUndefined || data.isNull) && plan.readsRecord
        let items = isList ? page.items(data) : isMissing ? [] : [data.isUndefined ? page.null : data]
        let names = ScopeDocuments(MappingScope.response(scope, request: request, answer: answer), page)
        let records = try records(items, page, names)
        let pages = Paginator(call.method.pagination ?? plan.integration.pagination)
        let next = isList ? try pages.next(answer, page, count: items.count, request: request, scope: scope) : nil
        return .page(
            MappedPage(
                records: records, nextCursor: next, isPartial: try isPartial(page, names, data),
                headers: try responseHeaders(page, names, data)
            )
        )
    }

    private func records(
        _ items: [Workspace.Document], _ page: ResponsePage, _ names: ScopeDocuments
    ) throws(CatalogError) -> [JSONObject] {
        var records: [JSONObject] = []
        if call.mapping.responseIsArray == true {
            guard let mapping = call.mapping.response else { return [] }
            let input = page.input(names.seen(by: mapping), response: page.workspace.array(items))
            let mapped = page.items(try page.evaluate(mapping, on: input))
            // Rows can be paired with their raw records only where the mapping kept them all.
            let isAligned = mapped.count == items.count
            for (at, row) in mapped.enumerated() {
                guard let object = try value(row, page)?.object else { continue }
                records.append(try finished(object, raw: isAligned ? items[at] : nil, page))
            }
            return records
        }
        for item in items {
            let mapped = try call.mapping.response.map { (mapping) throws(CatalogError) in
                try page.evaluate(mapping, on: page.input(names.seen(by: mapping), response: item))
            } ?? item
            guard var object = try value(mapped, page)?.object else { continue }
            if let account = plan.accountResponseMapping {
                let input = page.input(names.seen(by: account), response: item)
                for (key, value) in try page.value(account, of: input)?.object ?? [:] { object[key] = value }
            }
            // What the provider will drop says so, or nobody would know until it is gone.
            if let end = plan.mapping.expiresAt {
                let input = page.input(names.seen(by: end), response: item)
                if let time = try page.value(end, of: input), !time.isNull { object["expires_at"] = time }
            }
            records.append(try finished(object, raw: item, page))
        }
        return records
    }

    private func value(_ document: Workspace.Document, _ page: ResponsePage) throws(CatalogError) -> JSONValue? {
        do { return try page.workspace.value(document) } catch { throw Self.tooLarge(error) }
    }

    private static func tooLarge(_ error: JSONataError) -> CatalogError {
        CatalogError(error, at: "a mapped record")
    }

    private func finished(
        _ object: JSONObject, raw: Workspace.Document?, _ page: ResponsePage
    ) throws(CatalogError) -> JSONObject {
        // A field that the provider does not give is absent, and null is its way of not giving one.
        let given = JSONObject(object.elements.filter { !$0.value.isNull })
        var record = SchemaCoercion.coerce(given, schema: plan.schema.json)
        if record["remote_data"] == nil, let raw {
            do { record["remote_data"] = try page.raw(raw) } catch { throw Self.tooLarge(error) }
        }
        return record
    }

    private func isPartial(
        _ page: ResponsePage, _ names: ScopeDocuments, _ data: Workspace.Document
    ) throws(CatalogError) -> Bool {
        guard let expression = plan.mapping.isPartial else { return false }
        return try page.value(expression, of: page.input(names.seen(by: expression) + [("data", data)], response: data)).isTruthy
    }

    private func responseHeaders(
        _ page: ResponsePage, _ names: ScopeDocuments, _ data: Workspace.Document
    ) throws(CatalogError) -> [(name: String, value: String)] {
        guard let expression = call.mapping.responseHeaders else { return [] }
        let input = page.input(names.seen(by: expression), response: data)
        var headers = HeaderList()
        for (name, value) in try page.value(expression, of: input)?.object ?? [:] where !value.isNull {
            if ResponseHeaderRules.allows(name) { headers.set(name, value.plainText) }
        }
        return try headers.checked()
    }
}
