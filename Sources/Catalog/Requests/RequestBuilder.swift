import Encodings
import HTTPTypes
import JSON

/// Turns a planned call and what the caller gave into a provider request. Pure: nothing is sent, no file is read.
package struct RequestBuilder: Sendable {
    package let integration: Integration
    package let call: PlannedCall
    /// The account's own query mapping, merged over the definition's.
    package let accountQueryMapping: MappingExpression?
    /// Under the mapped query and body.
    package let defaultQuery: JSONTemplate?
    package let defaultBody: JSONTemplate?
    /// Whether something makes the body, below which the call's own lies; else the call's own is all that is sent.
    let isBodyMade: Bool
    /// Whether the call reads a list, page by page, or looks for a record in one.
    package let isPaged: Bool

    /// A call of a unified method.
    package init(_ plan: MethodPlan, _ call: PlannedCall) {
        integration = plan.integration
        self.call = call
        accountQueryMapping = plan.accountQueryMapping
        defaultQuery = plan.mapping.defaultQuery
        defaultBody = plan.mapping.defaultBody
        isBodyMade = call.mapping.body != nil || plan.mapping.defaultBody != nil
        isPaged = plan.unifiedMethod.response == .list || plan.readsRecord && call.method.looksThroughPages
    }

    /// A call of the provider's own method, without any unified model.
    ///
    /// - Parameter isBodyMade: whether the input's body was made for this call, as that of a step is.
    package init(_ integration: Integration, _ method: IntegrationMethod, isBodyMade: Bool = false) {
        self.integration = integration
        call = PlannedCall(source: method.resource, method: method)
        accountQueryMapping = nil
        defaultQuery = nil
        defaultBody = nil
        self.isBodyMade = isBodyMade
        isPaged = method.name == "list"
    }

    /// Builds the request.
    ///
    /// The outgoing query is, later ones winning: the integration's, the method's, the mapped one without what the path
    /// took from it, the page's, `remoteQuery`.
    ///
    /// - Throws: `unresolvedPlaceholder`, `unsafeValue`, `expressionFailed`.
    package func build(_ scope: CallInput) throws(CatalogError) -> OutgoingRequest {
        let method = call.method
        var input = MappingScope.routing(scope)
        let mappedQuery = try self.mappedQuery(scope, input)
        input["query"] = .object(mappedQuery)
        let mappedBody = try self.mappedBody(scope, input)
        let page = try PageRequest(pagination, scope)
        let whole = placeholderScope(scope, query: mappedQuery, body: mappedBody, page: page)

        let destination = try destination(whole, input)
        let isTrusted = try mayCarryCredentials(to: destination.base)
        let placeholders = isTrusted ? whole : whole.withoutSecrets
        let addressed = (method.url ?? method.path).placeholders + (method.baseURL ?? integration.baseURL).placeholders
        let consumed = addressed.reduce(into: Set<String>()) { $0.formUnion($1.members(of: "query") ?? []) }

        var query = JSONObject()
        // A whole address says all of its query, but for what the method itself adds.
        for template in [method.url == nil ? integration.query : nil, method.query] {
            guard let object = try template?.resolve(placeholders)?.object else { continue }
            for (key, value) in object where !value.isNull { query[key] = value }
        }
        for (key, value) in mappedQuery where !consumed.contains(key) { query[key] = value }
        page.apply(to: &query)
        query = DeepMerge.winning(query, scope.remoteQuery)

        var headers = try self.headers(placeholders, input, mappedBody, isOwn: isTrusted)
        headers += page.headers
        var body = mappedBody
        if method.addQueryToBody {
            body = .object(DeepMerge.winning(query, body?.object ?? [:]))
            query = [:]
        }
        body = page.apply(toBody: body)
        if let remote = scope.remoteData, !remote.isEmpty, body == nil || body?.object != nil {
            body = .object(DeepMerge.winning(body?.object ?? [:], remote))
        }
        let sent = method.ignoreBody ? OutgoingBody.none : try BodyTree.make(body, method)
        if let type = method.bodyOptions.contentType, sent.hasPlainType,
            !headers.contains(.contentType)
        {
            headers.append(try HTTPField(HTTPField.Name.contentType, text: type))
        }
        var request = OutgoingRequest(
            method: method.httpMethod, url: destination.base + destination.path, baseURL: destination.base,
            query: QueryString.flattened(query, arrays: method.queryArrayFormat ?? integration.queryArrayFormat),
            headers: headers, authorization: HTTPFields(), body: sent, mappedQuery: mappedQuery, mappedBody: body)
        if let only = page.onlyQuery { request.query = only }
        if isTrusted { request.authorize(try authorization(placeholders, scope)) }
        request.verbatimQuery = destination.query
        request.id = scope.id
        request.isAtOwnHost = isTrusted
        try request.checkSize()
        return request
    }

    /// Whether a request to this address may carry credentials. One that must not is made without any: `no_auth` and
    /// `auth: own_hosts`, for addresses of files at whatever host.
    ///
    /// - Throws: `hostNotAllowed` where it would have to carry some, and where an override has chosen the host.
    private func mayCarryCredentials(to base: String) throws(CatalogError) -> Bool {
        let template = call.method.url ?? call.method.baseURL ?? integration.baseURL
        if call.method.noAuth || call.method.isAuthorizedAtOwnHosts, !template.origin.isOverride, let host = AddressHost.of(base) {
            return integration.credentialHosts.contains(host)
        }
        try integration.credentialHosts.check(base, of: integration.name)
        return true
    }

    var pagination: Pagination? {
        isPaged ? call.method.pagination ?? integration.pagination : nil
    }

    func placeholderScope(
        _ scope: CallInput, query: JSONObject, body: JSONValue?, page: PageRequest
    ) -> TemplateContext {
        var roots: [JSONObject.Element] = []
        roots.reserveCapacity(7)
        roots.append(("query", .object(query)))
        roots.append(("before", .object(scope.before)))
        roots.append(("pagination", .object(page.values)))
        roots.append(("context", .object(scope.context)))
        roots.append(("credentials", .object(scope.context)))
        if let id = scope.id { roots.append(("id", .string(id))) }
        if let body { roots.append(("body", body)) }
        return TemplateContext(
            roots: JSONObject(distinct: roots), context: scope.context, openContext: scope.openContext)
    }

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

    /// The base URL without a slash at its end.
    ///
    /// A placeholder at its very start may hold a whole address (`{{context.instance_url}}`); any other one only
    /// characters of a host name, so that no value can lead the credentials to another host.
    func baseURL(_ scope: TemplateContext) throws(CatalogError) -> String {
        try (call.method.baseURL ?? integration.baseURL).address(in: scope, startIsFree: true)
    }

    func path(_ scope: TemplateContext, _ input: MappingInput) throws(CatalogError) -> String {
        if let mapping = call.mapping.path {
            guard let path = try mapping.evaluate(input)?.string else {
                throw CatalogError(.expressionFailed, "\(mapping.place): gives no text")
            }
            return try Self.checked(path)
        }
        let out = try call.method.path.addressText(in: scope) { (_, placeholder, value) throws(CatalogError) in
            try PathValue.check(value, of: placeholder, mayHoldSlashes: call.method.pathSlashes)
            return PercentEncoding.encoded(value)
        }
        return out.isEmpty || out.hasPrefix("/") ? out : "/" + out
    }

    /// A path that an expression made is trusted with its slashes, not with leaving the API.
    private static func checked(_ path: String) throws(CatalogError) -> String {
        guard !path.split(separator: "/").contains(".."), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !path.contains("?"), !path.contains("#")
        else { throw CatalogError(.unsafeValue, "the path mapping gave '\(path)', which is no path") }
        return path.hasPrefix("/") ? path : "/" + path
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
