import HTTPTypes
import JSON

/// Builds the inputs of mapping expressions: which names each kind of mapping may use.
enum MappingScope {
    /// For choosing the call, and for the query mapping: the caller's own values.
    static func routing(_ scope: CallInput) -> MappingInput {
        mapped(scope, query: scope.query)
    }

    /// For everything after the query mapping: `query` is the mapped query, `rawQuery` the caller's.
    static func mapped(_ scope: CallInput, query: JSONObject) -> MappingInput {
        MappingInput(JSONObject(distinct: members(scope, query: query)), scope)
    }

    /// For response mappings, less `response`, which is one record or the page's array.
    static func response(_ scope: CallInput, request: OutgoingRequest, response: ProviderResponse) -> MappingInput {
        var members = members(scope, query: request.mappedQuery)
        if let body = request.mappedBody { members.append(("requestBody", body)) }
        members.append(("headers", headers(response.headers)))
        members.append(("status", .number(JSONNumber(response.status))))
        members.append(("base_url", .string(request.baseURL)))
        return MappingInput(JSONObject(distinct: members), scope)
    }

    private static func members(_ scope: CallInput, query: JSONObject) -> [JSONObject.Element] {
        var members: [JSONObject.Element] = []
        members.reserveCapacity(12)
        members.append(("query", .object(query)))
        members.append(("rawQuery", .object(scope.query)))
        members.append(("context", .object(scope.context)))
        members.append(("before", .object(scope.before)))
        members.append(("params", .object(scope.params)))
        if let body = scope.body { members.append(("body", body)) }
        if let id = scope.id { members.append(("id", .string(id))) }
        return members
    }

    /// Names in lower case, so that a mapping need not know how a vendor spells them; of several with one name the last.
    static func headers(_ fields: HTTPFields) -> JSONValue {
        var object = JSONObject()
        for field in fields { object[field.name.canonicalName] = .string(field.value) }
        return .object(object)
    }
}

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

extension Optional<JSONValue> {
    /// As the mapping language's `$boolean`: empty and zero values are false, and so are arrays of nothing else.
    var isTruthy: Bool {
        switch self {
        case nil, .null?: false
        case .bool(let value)?: value
        case .number(let number)?: number.double != 0
        case .string(let text)?: !text.isEmpty
        case .array(let items)?: items.contains { Optional($0).isTruthy }
        case .object(let object)?: !object.isEmpty
        }
    }
}
