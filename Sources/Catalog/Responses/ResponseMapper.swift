import HTTPTypes
import JSON
import JSONata

/// Turns a provider's response into unified records. Pure.
package struct ResponseMapper: Sendable {
    package let plan: MethodPlan
    package let call: PlannedCall

    package init(_ plan: MethodPlan, _ call: PlannedCall) {
        self.plan = plan
        self.call = call
    }

    /// Maps a response that was read whole.
    ///
    /// A mapping that gives null drops the record. `remote_data` is the provider's record unless the mapping says
    /// otherwise. Values the schema calls strings become strings: ids are texts whatever the provider sends.
    ///
    /// - Parameter looksInside: whether records are looked at, and not only written.
    /// - Throws: `expressionFailed`; refusals of the provider are `.failure`, not thrown.
    package func map(
        _ response: ProviderResponse, request: OutgoingRequest, scope: CallInput, looksInside: Bool = true
    ) throws(CatalogError) -> MappedResponse {
        if let failure = try failure(response, request: request, scope: scope) { return .failure(failure) }
        if !looksInside, let long = try LongList(self).map(response, request: request, scope: scope) { return .page(long) }
        let page = try response.body.page()
        let data = try data(page, response, request, scope)
        let isList = plan.unifiedMethod.response == .list
        // A record that `response_path` did not find is one that is not there, and nothing to make a record of.
        let isMissing = call.method.responsePath != nil && (data.isUndefined || data.isNull) && plan.readsRecord
        // A search that is read for the one record it finds gives a list of one.
        let one = isList || data.isUndefined ? [] : page.items(data)
        let items =
            isList ? page.items(data) : isMissing ? [] : one.count == 1 ? one : [data.isUndefined ? page.null : data]
        let names = ScopeDocuments(MappingScope.response(scope, request: request, response: response), page)
        let records = try RecordMapper(plan, call, page, names).records(of: items)
        let pages = Paginator(call.method.pagination ?? plan.integration.pagination)
        let isSearched = isMissing && call.method.looksThroughPages
        let count = isSearched ? page.items(page.body).count : items.count
        let next = isList || isSearched ? try pages.next(response, page, count: count, request: request, scope: scope) : nil
        return .page(
            MappedPage(
                records: records, nextCursor: next, isPartial: try isPartial(page, names, data),
                headers: try responseHeaders(page, names, data)
            )
        )
    }

    /// What `response_path` gives, else the whole body.
    func data(
        _ page: ResponsePage, _ response: ProviderResponse, _ request: OutgoingRequest, _ scope: CallInput
    ) throws(CatalogError) -> Workspace.Document {
        try call.method.responsePath.map { (path) throws(CatalogError) in
            try page.evaluate(path, on: page.body, variables: CallVariables.of(request, scope, response, for: path))
        } ?? page.body
    }

    func isPartial(
        _ page: ResponsePage, _ names: ScopeDocuments, _ data: Workspace.Document
    ) throws(CatalogError) -> Bool {
        guard let expression = plan.mapping.isPartial else { return false }
        return try page.value(expression, of: page.input(names.seen(by: expression) + [("data", data)], response: data)).isTruthy
    }

    func responseHeaders(
        _ page: ResponsePage, _ names: ScopeDocuments, _ data: Workspace.Document
    ) throws(CatalogError) -> HTTPFields {
        guard let expression = call.mapping.responseHeaders else { return [:] }
        let input = page.input(names.seen(by: expression), response: data)
        var headers = HTTPFields()
        for (name, value) in try page.value(expression, of: input)?.object ?? [:] where !value.isNull {
            guard ResponseHeaderRules.allows(name) else { continue }
            let text = value.plainText
            try HTTPField.refuseLineBreak(name, text)
            // A name that no field can have is left out.
            if let name = HTTPField.Name(name) { headers.put(HTTPField(name: name, value: text)) }
        }
        return headers
    }
}
