/// A vendor as a definition describes it: where it lives, how to sign in, and what can be called.
public struct Integration: Sendable {
    /// The folder's name, in URLs and rows: lower case, digits, `-`.
    public var name: String
    public var label: String
    public var category: String?
    public var description: String?
    public var logo: String?
    public var documentationURL: String?
    /// May hold placeholders of the account's context.
    public var baseURL: Template
    /// Hosts besides the base URL's to which the account's credentials may be sent.
    public var allowedHosts: [String]
    public var headers: [HeaderTemplate]
    public var query: JSONTemplate?
    public var queryArrayFormat: QueryArrayFormat
    /// By authentication method (`api_key`, `oauth2` …), in the order they are offered.
    public var credentials: [Credential]
    /// Used by accounts whose authentication method has no entry in `authorizationByMethod`.
    public var authorization: Authorization?
    public var authorizationByMethod: [String: Authorization]
    public var pagination: Pagination?
    public var rateLimit: RateLimit?
    /// Truthy where an answer is an error although its status says otherwise, or to give the error's message.
    public var errorExpression: MappingExpression?
    public var resources: [String: IntegrationResource]
    /// In the order they run.
    public var actions: [Action]

    /// The authorization of accounts that signed in by `method`.
    public func authorization(for method: String?) -> Authorization? {
        method.flatMap { authorizationByMethod[$0] } ?? authorization
    }

    /// Members of an account's context that decide to which host calls or credentials go.
    public var addressMembers: Set<String> {
        let oauth = credentials.compactMap(\.oauth2).flatMap { [$0.authorizeURL, $0.tokenURL, $0.refreshURL] }
        let templates = [baseURL] + resources.values.flatMap { $0.methods.values.compactMap(\.baseURL) } + oauth.compactMap { $0 }
        var members: Set<String> = []
        for path in templates.flatMap({ $0.placeholders.flatMap(\.paths) }) {
            let isRooted = path.count > 1 && ["context", "credentials"].contains(path[0])
            members.insert(isRooted ? path[1] : path[0])
        }
        return members
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
public struct IntegrationResource: Sendable {
    public var description: String?
    public var methods: [String: IntegrationMethod]
}

/// A header whose value may hold placeholders; a nil value takes away the header of the level above.
public struct HeaderTemplate: Sendable, Hashable {
    public var name: String
    public var value: Template?
}

/// How an array becomes query parameters: `a=1,2` · `a[]=1&a[]=2` · `a[0]=1&a[1]=2` · `a=1&a=2`.
public enum QueryArrayFormat: String, Sendable, Hashable, CaseIterable {
    case comma, brackets, indices
    case repeated = "repeat"
}
