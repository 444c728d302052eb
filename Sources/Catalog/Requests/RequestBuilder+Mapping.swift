import Encodings
import HTTPTypes
import JSON

extension RequestBuilder {
    /// Without a query mapping the caller's query is forwarded as it is, but for the page.
    ///
    /// - Parameter input: the caller's own values, as for choosing the call.
    func mappedQuery(_ scope: CallInput, _ input: MappingInput) throws(CatalogError) -> JSONObject {
        var query = JSONObject()
        if let defaultQuery {
            let placeholders = TemplateContext(input, scope)
            query = try defaultQuery.resolve(placeholders)?.object ?? [:]
        }
        if let mapping = call.mapping.query {
            query = DeepMerge.winning(query, try object(mapping, input))
        } else {
            var forwarded = scope.query
            for key in ["limit", "next_cursor"] { forwarded[key] = nil }
            query = DeepMerge.winning(query, forwarded)
        }
        if let accountQueryMapping {
            for (key, value) in try object(accountQueryMapping, input) { query[key] = value }
        }
        return JSONObject(query.elements.filter { !$0.value.isNull })
    }

    /// Without a body mapping the caller's body is forwarded as it is; the method's default lies below either.
    func mappedBody(_ scope: CallInput, _ input: MappingInput) throws(CatalogError) -> JSONValue? {
        var body = scope.body
        if let mapping = call.mapping.body { body = try mapping.evaluate(input) }
        guard defaultBody != nil || call.method.body != nil else { return body }
        var placeholders = TemplateContext(input, scope)
        if let below = try defaultBody?.resolve(placeholders) { body = Self.merged(below, body) }
        // The method's own body reads the one that was made; it is all that is sent where nothing made one.
        if let body { placeholders.roots["body"] = body }
        guard let below = try call.method.body?.resolve(placeholders) else { return body }
        return isBodyMade ? Self.merged(below, body) : below
    }

    private static func merged(_ below: JSONValue, _ body: JSONValue?) -> JSONValue {
        guard let body, !body.isNull else { return below }
        guard let a = below.object, let b = body.object else { return body }
        return .object(DeepMerge.winning(a, b))
    }

    private func object(_ mapping: MappingExpression, _ input: MappingInput) throws(CatalogError) -> JSONObject {
        guard let value = try mapping.evaluate(input), !value.isNull else { return [:] }
        guard let object = value.object else {
            throw CatalogError(.expressionFailed, "\(mapping.place): gives \(value.kind), not an object")
        }
        return object
    }

    /// The integration's headers, the method's, then the mapping's; a null takes a header away.
    ///
    /// - Parameter isOwn: the host may have credentials. Any other one's business are the method's own headers alone, and
    ///   of those not what needs a credential.
    func headers(
        _ placeholders: TemplateContext, _ input: MappingInput, _ body: JSONValue?, isOwn: Bool
    ) throws(CatalogError) -> HTTPFields {
        var headers = HTTPFields()
        for template in (isOwn ? integration.headers : []) + call.method.headers {
            do {
                try headers.put(template, try template.value?.text(in: placeholders))
            } catch {
                guard !isOwn, error.code == .unresolvedPlaceholder else { throw error }
            }
        }
        if let mapping = call.mapping.headers {
            var scope = input
            scope["headers"] = MappingScope.headers(headers)
            scope["requestBody"] = body
            for (name, value) in try object(mapping, scope) {
                try headers.put(name, value.isNull ? nil : value.plainText)
            }
        }
        return headers
    }

    func authorization(
        _ placeholders: TemplateContext, _ scope: CallInput
    ) throws(CatalogError) -> (headers: HTTPFields, query: JSONObject) {
        if call.method.noAuth { return ([:], [:]) }
        let rule = call.method.authorization ?? integration.authorization(for: scope.authenticationMethod)
        var headers = HTTPFields()
        switch rule {
        case nil: break
        case .bearer(let token): try headers.put(.authorization, "Bearer " + (try token.text(in: placeholders)))
        case .basic(let username, let password):
            let pair = try username.text(in: placeholders) + ":" + (try password.text(in: placeholders))
            try headers.put(.authorization, "Basic " + Base64.text(pair.utf8))
        case .headers(let templates):
            for template in templates { try headers.put(template, try template.value?.text(in: placeholders)) }
        case .expression(let expression):
            var input = MappingInput(placeholders.roots, scope)
            input["requestOptions"] = .object(["method": .string(call.method.httpMethod)])
            for (name, value) in try object(expression, input) { try headers.put(name, value.plainText) }
        case .query(let template):
            return ([:], try template.resolve(placeholders)?.object ?? [:])
        }
        return (headers, [:])
    }
}

extension OutgoingRequest {
    mutating func authorize(_ authorization: (headers: HTTPFields, query: JSONObject)) {
        self.authorization = authorization.headers
        secretQuery = QueryString.flattened(authorization.query, arrays: .repeated)
    }
}

extension JSONValue {
    /// The kind of value in words, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
