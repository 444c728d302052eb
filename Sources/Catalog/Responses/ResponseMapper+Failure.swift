import HTTPTypes
import JSON

extension ResponseMapper {
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
