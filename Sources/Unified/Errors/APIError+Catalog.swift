public import Catalog

extension APIError {
    /// What a call that its definitions cannot carry out is answered with.
    public init(_ error: CatalogError) {
        switch error.code {
        case .unknownModel, .unknownResource, .unknownMethod: self.init(.notFound, Self.sentence(error.message))
        case .unknownIntegration, .notMapped:
            self.init(
                .notSupportedByIntegration, Self.sentence(error.message),
                hint: "GET /unified-model lists what each integration supports")
        case .badCursor: self.init(.invalidQueryParameter, Self.sentence(error.message), param: "next_cursor")
        case .unresolvedPlaceholder:
            self.init(
                .missingQueryParameter,
                "The parameters do not lead to \(error.placeholder ?? "a value"), which this provider's call needs",
                param: error.placeholder, hint: "Give ids, and a file_url, as the provider's records have them")
        case .hostNotAllowed:
            self.init(
                .egressRefused, Self.sentence(error.message), param: "base_url",
                hint: "Credentials go only to the integration's own hosts and those of accounts.base_url_hosts")
        case .tooExpensive:
            self.init(
                .mappingTooExpensive, Self.sentence(error.message),
                hint: "Simplify the expression, or ask for fewer records at once")
        case .unsafeValue: self.init(.invalidQueryParameter, Self.sentence(error.message))
        case .invalidDefinition, .unreadable, .expressionFailed:
            self.init(.mappingFailed, Self.sentence(error.message))
        default: self.init(.internalError, "The definition cannot be used")
        }
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
