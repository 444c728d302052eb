package import JSON

/// Why the gateway refuses a call by itself, in the terms of its caller.
package struct CallFault: Sendable, Hashable {
    /// Codes of docs/errors.md.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case missingQueryParameter = "missing_query_parameter"
        case invalidQueryParameter = "invalid_query_parameter"
        case missingBodyFields = "missing_body_fields"
        case invalidBody = "invalid_body"
        case unsupportedFilter = "unsupported_filter"

        /// Of all of them.
        package var status: Int { 400 }
    }

    package var code: Code
    package var message: String
    package var parameter: String?
    package var hint: String?

    init(_ code: Code, _ message: String, _ parameter: String?, hint: String? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.hint = hint
    }
}

extension MethodPlan {
    /// The first fault that a check has found.
    ///
    /// - Parameter query: the caller's.
    package func fault(_ validation: RequestValidation, query: JSONObject) -> CallFault? {
        if let invalid = validation.invalidQuery {
            return CallFault(.invalidQueryParameter, "\(invalid.name) \(invalid.rule)", invalid.name)
        }
        if let unsupported = validation.unsupportedFilter {
            let names = unsupported.supported.joined(separator: ", ")
            return CallFault(
                .unsupportedFilter, "\(integration.label) cannot filter \(resource) by \(unsupported.name)", unsupported.name,
                hint: names.isEmpty ? "It has no filters for \(resource)" : "It can filter by \(names)")
        }
        if !validation.isComplete {
            let isQuery = !validation.missingQuery.isEmpty
            return CallFault(
                isQuery ? .missingQueryParameter : .missingBodyFields, validation.message, validation.firstMissing)
        }
        return validation.refusal.map { fault($0, query: query) }
    }

    /// A call that the definition refuses, since the provider cannot do what is asked.
    package func fault(_ refusal: Mapping.Refusal, query: JSONObject) -> CallFault {
        let isField = unifiedMethod.body.contains { $0.name == refusal.parameter }
        let isInQuery = refusal.parameter.map { query[$0] != nil } ?? true
        return CallFault(isField && !isInQuery ? .invalidBody : .invalidQueryParameter, refusal.message, refusal.parameter)
    }
}
