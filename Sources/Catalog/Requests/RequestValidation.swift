package import JSON

/// What a call lacks, in the terms of `truto_error_insight`.
package struct RequestValidation: Sendable {
    package var missingQuery: [String]
    package var missingBody: [String]
    /// The first query parameter whose value is not of its schema's form, and what it must be.
    package var invalidQuery: InvalidParameter?
    /// A filter of a list that neither the provider nor the gateway carries out, and those that one of them does.
    package var unsupportedFilter: (name: String, supported: [String])?
    /// What the integration cannot do of what is asked, by its definition; what only a step's result shows comes later.
    package var refusal: Mapping.Refusal?
    /// Parameter → rule, in words; informational, also where nothing is missing.
    package var conditionalQuery: [String: String]
    package var conditionalBody: [String: String]

    package struct InvalidParameter: Sendable, Hashable {
        package var name: String
        /// `must be an ISO 8601 date-time`.
        package var rule: String
    }

    package var isComplete: Bool { missingQuery.isEmpty && missingBody.isEmpty }

    /// `truto_error_insight` without members that have nothing to say; nil where there are none.
    package var insight: JSONObject? {
        var insight = JSONObject()
        func add(_ key: String, _ text: String, _ value: JSONValue, if present: Bool) {
            if present { insight[key] = .object(["description": .string(text), "value": value]) }
        }
        // Of alternatives each is named: any of them would do.
        func list(_ names: [String]) -> JSONValue {
            .array(names.flatMap { $0.split(separator: " ") }.filter { $0 != "or" }.map { .string(String($0)) })
        }
        func rules(_ rules: [String: String]) -> JSONValue {
            .object(JSONObject(rules.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        add(
            "missing_required_query_parameters", "Query parameters that this call needs are missing.",
            list(missingQuery), if: !missingQuery.isEmpty
        )
        add(
            "missing_required_body_fields", "Body fields that this call needs are missing.", list(missingBody),
            if: !missingBody.isEmpty
        )
        add(
            "conditionally_required_query_parameters", "Query parameters that some calls need.",
            rules(conditionalQuery), if: !conditionalQuery.isEmpty
        )
        add(
            "conditionally_required_body_fields", "Body fields that some calls need.", rules(conditionalBody),
            if: !conditionalBody.isEmpty
        )
        return insight.isEmpty ? nil : insight
    }

    /// `candidate_id is required`, `candidate_id or job_id is required`; empty where nothing is missing.
    package var message: String {
        let names = missingQuery + missingBody
        guard let last = names.last else { return "" }
        if names.count == 1 { return "\(last) is required" }
        return names.dropLast().joined(separator: ", ") + " and \(last) are required"
    }

    /// The name of the first parameter that is missing; of alternatives the first.
    package var firstMissing: String? {
        (missingQuery.first ?? missingBody.first).map { String($0.prefix { $0 != " " }) }
    }
}

extension MethodPlan {
    /// Checks a call against the method's required query parameters and body fields.
    ///
    /// A parameter is missing when it is absent, null or an empty text. Names with dots (`candidate.id`) reach inside.
    ///
    /// - Throws: `expressionFailed` from a `required_if`.
    package func validate(_ scope: CallInput) throws(CatalogError) -> RequestValidation {
        let conflict = scope.conflict(among: sharedParameters)
        let scope = scope.sharing(sharedParameters)
        let body = scope.body?.object ?? [:]
        var missingQuery = try Self.missing(unifiedMethod.query, in: scope.query, scope)
        var missingBody = try Self.missing(unifiedMethod.body, in: body, scope)
        for group in unmet(scope) {
            let isField = group.contains { name in unifiedMethod.body.contains { $0.name == name } }
            let names = group.joined(separator: " or ")
            if missingQuery.contains(names) || missingBody.contains(names) { continue }
            if isField { missingBody.append(names) } else { missingQuery.append(names) }
        }
        return RequestValidation(
            missingQuery: missingQuery, missingBody: missingBody,
            invalidQuery: conflict.map { .init(name: $0, rule: "differs from the one in the body") }
                ?? DateTimeParameters.firstInvalid(timeParameters, in: scope.query),
            unsupportedFilter: unsupportedFilter(scope), refusal: try refusal(scope, after: nil),
            conditionalQuery: conditionalQuery, conditionalBody: conditionalBody
        )
    }

    private func unsupportedFilter(_ scope: CallInput) -> (name: String, supported: [String])? {
        guard let filters else { return nil }
        var scope = scope
        scope.query = DateTimeParameters.asBounds(timeParameters, in: scope.query)
        return filters.unsupported(in: scope).map { ($0, filters.supported) }
    }

    /// Alternatives of `requires` of which the call gives none.
    private func unmet(_ scope: CallInput) -> [[String]] {
        unifiedMethod.requires.filter { group in
            !group.contains { name in
                [scope.params, scope.query, scope.body?.object ?? [:]].contains { object in
                    object[name].map { !$0.isNull && $0 != "" } ?? false
                }
            }
        }
    }

    private static func missing(
        _ parameters: [UnifiedMethod.Parameter], in object: JSONObject, _ scope: CallInput
    ) throws(CatalogError) -> [String] {
        lazy var input = MappingScope.routing(scope)
        var missing: [String] = []
        for parameter in parameters {
            var isRequired = parameter.required
            if !isRequired, let rule = parameter.requiredIf { isRequired = try rule.evaluate(input).isTruthy }
            guard isRequired else { continue }
            let value = Self.value(parameter.name, in: object)
            if value == nil || value == .null || value == .string("") { missing.append(parameter.name) }
        }
        return missing
    }

    /// Most names have no dots, and are members of the object itself.
    private static func value(_ name: String, in object: JSONObject) -> JSONValue? {
        guard name.utf8.contains(UInt8(ascii: ".")) else { return object[name] }
        return JSONValue.object(object)[path: name.split(separator: ".").map(String.init)]
    }
}
