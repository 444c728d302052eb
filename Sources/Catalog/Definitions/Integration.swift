package import Encodings
import HTTPTypes

/// A vendor as a definition describes it: where it lives, how to sign in, and what can be called.
///
/// An object, as are its methods: made once, and handed on by every call.
package final class Integration: Sendable {
    /// The folder's name, in URLs and rows: lower case, digits, `-`.
    package let name: String
    package let label: String
    package let category: String?
    package let description: String?
    package let logo: String?
    package let documentationURL: String?
    /// May hold placeholders of the account's context.
    package let baseURL: Template
    /// Hosts besides the base URL's to which the account's credentials may be sent; `*.example.com` is all below it.
    package let allowedHosts: [HostPattern]
    /// All hosts to which credentials may go; no override adds to them.
    package let credentialHosts: CredentialHosts
    /// Members of an account's context that are secret; no override takes any away.
    package let secretFields: Set<String>
    package let headers: [HeaderTemplate]
    package let query: JSONTemplate?
    package let queryArrayFormat: QueryString.ArrayFormat
    /// By authentication method (`api_key`, `oauth2` …), in the order they are offered.
    package let credentials: [Credential]
    /// Used by accounts whose authentication method has no entry in `authorizationByMethod`.
    package let authorization: Authorization?
    package let authorizationByMethod: [String: Authorization]
    package let pagination: Pagination?
    package let rateLimit: RateLimit?
    /// Truthy where a response is an error although its status says otherwise, or to give the error's message.
    package let errorExpression: MappingExpression?
    package let resources: [String: IntegrationResource]
    /// In the order they run.
    package let actions: [Action]
    /// The session of accounts whose authentication method has no entry in `sessionByMethod`.
    package let session: Session?
    package let sessionByMethod: [String: Session]
    /// The expressions among all of these that an override wrote.
    package let overriddenExpressions: [MappingExpression]

    /// - Parameters:
    ///   - original: the integration as its files have it, where `definition` is one with overrides.
    ///   - hosts: to which credentials may go besides the definition's own.
    init(
        name: String, decoding definition: Definition, over original: Integration? = nil, hosts: [HostPattern] = []
    ) throws(CatalogError) {
        try CatalogShapes.integration.require(definition)
        let reader = DefinitionReader(definition)
        self.name = name
        label = reader.text("label") ?? name
        category = reader.text("category")
        description = reader.text("description")
        logo = reader.text("logo", "icon")
        documentationURL = reader.text("documentation_url", "documentation_link")
        guard let base = try reader.template("base_url") else { throw reader.fault([], "'base_url' is missing") }
        baseURL = base
        allowedHosts = reader.texts("allowed_hosts").map(HostPattern.init)
        headers = try reader.headers()
        query = try reader.tree("query")
        queryArrayFormat = reader.word("query_array_format") ?? .brackets
        credentials = try Credential.decode(reader.child("credentials"))
        (authorization, authorizationByMethod) = try Authorization.decodeAll(reader.child("authorization"))
        pagination = try reader.child("pagination").map { (child) throws(CatalogError) in try Pagination(decoding: child) }
        rateLimit = reader.child("rate_limit").map(RateLimit.init(decoding:))
        errorExpression = reader.expression("error_expression")
        var resources: [String: IntegrationResource] = [:]
        for (resource, methods) in reader.child("resources")?.children ?? [] {
            resources[resource] = try IntegrationResource(name: resource, decoding: methods)
        }
        self.resources = resources
        actions = try Action.decode(reader.child("actions"))
        (session, sessionByMethod) = try Session.decodeAll(reader.child("session"))
        let secrets = credentials.flatMap { $0.fields.filter(\.isSecret).map(\.name) }
        secretFields = Set(secrets).union(original?.secretFields ?? [])
        let sessions = ([session].compactMap(\.self) + sessionByMethod.values).flatMap(\.hosts)
        credentialHosts =
            original?.credentialHosts
            ?? CredentialHosts(
                patterns: allowedHosts + sessions + hosts, templates: Self.addressTemplates(baseURL, resources, credentials)
            )
        overriddenExpressions = definition.overriddenExpressions?.all ?? []
    }

    /// The authorization of accounts that signed in by `method`.
    package func authorization(for method: String?) -> Authorization? {
        method.flatMap { authorizationByMethod[$0] } ?? authorization
    }

    /// The session of accounts that signed in by `method`.
    package func session(for method: String?) -> Session? {
        method.flatMap { sessionByMethod[$0] } ?? session
    }

    /// Members of an account's context that decide to which host calls or credentials go.
    package var addressMembers: Set<String> {
        let templates = Self.addressTemplates(baseURL, resources, credentials)
        var members: Set<String> = []
        for path in templates.flatMap({ $0.placeholders.flatMap(\.paths) }) {
            let isRooted = path.count > 1 && ["context", "credentials"].contains(path[0])
            members.insert(isRooted ? path[1] : path[0])
        }
        return members
    }

    /// Members of an account's context that an account token may change: neither secrets nor what decides where calls go.
    package var selfServiceFields: Set<String> {
        Set(credentials.flatMap { $0.fields.filter(\.isSelfService).map(\.name) })
            .subtracting(addressMembers).subtracting(secretFields)
    }

    static func addressTemplates(
        _ base: Template, _ resources: [String: IntegrationResource], _ credentials: [Credential]
    ) -> [Template] {
        let oauth = credentials.compactMap(\.oauth2).flatMap { [$0.authorizeURL, $0.tokenURL, $0.refreshURL] }
        let methods = resources.values.flatMap(\.methods.values).flatMap { [$0.baseURL, $0.url] }
        return [base] + (methods + oauth).compactMap(\.self)
    }

    /// A call by its names.
    ///
    /// - Throws: `invalidDefinition` where there is none.
    func method(
        _ name: String, _ method: String, namedBy place: @autoclosure () -> String
    ) throws(CatalogError) -> IntegrationMethod {
        guard let found = resources[name]?.methods[method] else {
            throw CatalogError(
                .invalidDefinition, "\(self.name) has no call '\(name).\(method)', which \(place()) names"
            )
        }
        return found
    }
}

/// A group of calls, by method name (`list`, `get`, `create`, … or any other word).
package struct IntegrationResource: Sendable {
    package var description: String?
    package var methods: [String: IntegrationMethod]
}

/// A header whose value may hold placeholders; a nil value takes away the header of the level above.
package struct HeaderTemplate: Sendable, Hashable {
    /// As the definition writes it.
    package let name: String
    package let value: Template?
    /// nil for a text that no field can have as its name.
    let fieldName: HTTPField.Name?

    init(name: String, value: Template?) {
        self.name = name
        self.value = value
        fieldName = HTTPField.Name(name)
    }
}
