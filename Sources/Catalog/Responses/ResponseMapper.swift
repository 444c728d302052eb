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
        guard let expression = call.mapping.responseHeaders else { return HTTPFields() }
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

    /// As `PlannedCall.failure`.
    package func failure(
        _ response: ProviderResponse, request: OutgoingRequest?, scope: CallInput
    ) throws(CatalogError) -> ProviderFailure? {
        try call.failure(response, of: plan.integration, request: request, scope: scope)
    }

    /// As `PlannedCall.data`.
    func data(
        of response: ProviderResponse, request: OutgoingRequest?, scope: CallInput
    ) throws(CatalogError) -> JSONValue? {
        try call.data(of: response, request: request, scope: scope)
    }
}

extension PlannedCall {
    /// Names of the response's body.
    private static let bodies: Set = ["data", "response"]

    /// The response's data: what `response_path` gives, else the whole body.
    ///
    /// - Throws: `expressionFailed`.
    func data(
        of response: ProviderResponse, request: OutgoingRequest?, scope: CallInput
    ) throws(CatalogError) -> JSONValue? {
        guard let path = method.responsePath else { return response.content }
        let page = try response.body.page()
        guard response.isDocument || response.text != nil else { return nil }
        return try page.value(path, of: page.body, variables: CallVariables.of(request, scope, response, for: path))
    }

    /// The provider's refusal; nil where the response is a success.
    ///
    /// An error expression that gives a truthy value makes any response an error: a text is its message, an object may
    /// hold `status` and `message`. An error mapping has the last word on both.
    ///
    /// - Throws: `expressionFailed`.
    func failure(
        _ response: ProviderResponse, of integration: Integration, request: OutgoingRequest?, scope: CallInput
    ) throws(CatalogError) -> ProviderFailure? {
        let limit = integration.rateLimit
        let expression = method.errorExpression ?? integration.errorExpression
        let isSuccess = method.isSuccess(response.status)
        // Most responses: nothing has to be looked at.
        if isSuccess, response.status != 429, expression == nil, limit?.isRateLimited == nil,
            method.notFoundExpression == nil
        {
            return nil
        }
        // Nearly as many: only the rule of rate limits applies, and it has judged this status before.
        if isSuccess, expression == nil, method.notFoundExpression == nil,
            limit?.isRateLimited?.verdict(onStatus: response.status) == false
        {
            return nil
        }
        let page = try response.body.page()
        var input = MappingInput(
            JSONObject(distinct: [
                ("status", .number(JSONNumber(response.status))), ("headers", MappingScope.headers(response.headers)),
                ("data", .null), ("response", .null),
            ]), scope)
        func value(_ rule: MappingExpression, _ variables: MappingInput = [:]) throws(CatalogError) -> JSONValue? {
            try page.value(rule, of: page.input(input, bodies: Self.bodies, for: rule), variables: variables)
        }
        let limited = try limit?.isRateLimited.map { (rule) throws(CatalogError) in
            let verdict = try value(rule).isTruthy
            rule.note(verdict, onStatus: response.status)
            return verdict
        }
        let isRateLimited = limited ?? (response.status == 429)
        let verdict = try expression.flatMap { (rule) throws(CatalogError) in
            try value(rule, CallVariables.of(request, scope, response, for: rule))
        }
        let isMissing =
            try method.notFoundExpression.map { (rule) throws(CatalogError) in
                try value(rule, CallVariables.of(request, scope, response, for: rule)).isTruthy
            } ?? false
        guard !isSuccess || verdict.isTruthy || isRateLimited || isMissing else { return nil }

        let body = response.content ?? .null
        input["data"] = body
        input["response"] = body
        var failure = ProviderFailure(
            status: response.status, message: ProviderMessage.find(in: body), members: [:], isRateLimited: isRateLimited,
            retryAfter: isRateLimited ? try RetryHint.number(limit?.retryAfter, response, input) : nil,
            resetAt: isRateLimited ? try RetryHint.number(limit?.resetAt, response, input) : nil,
            isNotFound: method.notFoundStatuses.contains(response.status)
        )
        if isSuccess { failure.status = isRateLimited ? 429 : 422 }
        if verdict.isTruthy, let verdict { failure.take(verdict) }
        if isMissing {
            failure.status = 404
            failure.isNotFound = true
        }
        if let mapping = mapping.error {
            for (key, value) in MappingScope.mapped(scope, query: request?.mappedQuery ?? [:]).members { input[key] = value }
            input["error"] = .object([
                "status": .number(JSONNumber(failure.status)), "message": .string(failure.message), "data": body,
            ])
            if let mapped = try mapping.evaluate(input) { failure.take(mapped) }
        }
        return failure
    }
}

extension ProviderFailure {
    /// Overrides with what an expression gave.
    fileprivate mutating func take(_ value: JSONValue) {
        if let text = value.string { message = text }
        guard let object = value.object else { return }
        for (key, member) in object {
            switch key {
            case "status":
                if let code = member.int, (400..<600).contains(code) {
                    status = code
                    isNotFound = code == 404
                }
            case "message": message = member.string ?? message
            case "result": message = member.string ?? message
            default: members[key] = member
            }
        }
    }
}

/// Reads how long to wait from a rate-limit response.
enum RetryHint {
    /// What a rule gives; a text that is no number names the header to read.
    static func number(
        _ rule: MappingExpression?, _ response: ProviderResponse, _ input: MappingInput
    ) throws(CatalogError) -> Double? {
        guard let value = try rule?.evaluate(input) else { return nil }
        if let number = value.double { return number }
        guard let text = value.string else { return nil }
        if let number = Double(text) { return number }
        return HTTPField.Name(text).flatMap { response.headers[values: $0].first }.flatMap { Double($0) }
    }
}
