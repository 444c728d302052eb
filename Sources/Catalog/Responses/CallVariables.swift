import JSON

/// The variables that `response_path`, `response_file` and `error_expression` may read besides their input.
enum CallVariables {
    /// `$query` (the mapped one), `$id`, `$context`, `$status`, `$headers`.
    static func of(
        _ request: OutgoingRequest?, _ scope: CallInput, _ response: ProviderResponse, for expression: MappingExpression
    ) -> MappingInput {
        guard expression.readsCallVariables else { return [:] }
        var variables: JSONObject = [
            "query": .object(request?.mappedQuery ?? scope.query), "context": .object(scope.context),
            "status": .number(JSONNumber(response.status)), "headers": MappingScope.headers(response.headers),
        ]
        variables["id"] = (request?.id ?? scope.id).map { .string($0) }
        return MappingInput(variables, scope)
    }
}
