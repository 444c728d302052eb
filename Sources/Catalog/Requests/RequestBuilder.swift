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
            headers: headers, authorization: [:], body: sent, mappedQuery: mappedQuery, mappedBody: body)
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
}
