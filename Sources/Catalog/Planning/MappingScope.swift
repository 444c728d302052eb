import HTTPTypes
import JSON

/// Builds the inputs of mapping expressions: which names each kind of mapping may use.
enum MappingScope {
    /// For choosing the call, and for the query mapping: the caller's own values.
    static func routing(_ scope: CallInput) -> MappingInput {
        var input: JSONObject = [
            "query": .object(scope.query), "rawQuery": .object(scope.query), "context": .object(scope.context),
            "before": .object(scope.before), "params": .object(scope.params),
        ]
        input["body"] = scope.body
        input["id"] = scope.id.map { .string($0) }
        return MappingInput(input, scope)
    }

    /// For everything after the query mapping: `query` is the mapped query, `rawQuery` the caller's.
    static func mapped(_ scope: CallInput, query: JSONObject) -> MappingInput {
        var input = routing(scope)
        input["query"] = .object(query)
        return input
    }

    /// For response mappings, less `response`, which is one record or the page's array.
    static func response(_ scope: CallInput, request: OutgoingRequest, response: ProviderResponse) -> MappingInput {
        var input = mapped(scope, query: request.mappedQuery)
        input["requestBody"] = request.mappedBody
        input["headers"] = headers(response.headers)
        input["status"] = .number(JSONNumber(response.status))
        input["base_url"] = .string(request.baseURL)
        return input
    }

    /// Names in lower case, so that a mapping need not know how a vendor spells them; of several with one name the last.
    static func headers(_ fields: HTTPFields) -> JSONValue {
        var object = JSONObject()
        for field in fields { object[field.name.canonicalName] = .string(field.value) }
        return .object(object)
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
