/// Who may call the pretend Lever.
public struct LeverCredentials: Sendable {
    /// API keys, sent as the user name of HTTP Basic with an empty password, and what each may do.
    public var apiKeys: [String: LeverAccess]
    public var oauthClients: [LeverOAuthClient]

    public init(apiKeys: [String: LeverAccess], oauthClients: [LeverOAuthClient]) {
        self.apiKeys = apiKeys
        self.oauthClients = oauthClients
    }

    /// `LeverSeed.apiKey` may do everything, `LeverSeed.readOnlyKey` may read.
    public static let standard = LeverCredentials(
        apiKeys: [LeverSeed.apiKey: .full, LeverSeed.readOnlyKey: .reading],
        oauthClients: [
            LeverOAuthClient(id: LeverSeed.oauthClientID, secret: LeverSeed.oauthClientSecret),
            LeverOAuthClient(
                id: LeverSeed.serviceClientID, secret: LeverSeed.serviceClientSecret, redirectURIs: [],
                allowsClientCredentials: true
            ),
        ]
    )
}

/// What a caller may do.
public struct LeverAccess: Sendable, Hashable {
    /// `<resource>:<read|write>` pairs; nil for all. A write permission also reads.
    public var permissions: Set<String>?
    /// Whether confidential opportunities are shown.
    public var confidential: Bool

    public init(permissions: Set<String>?, confidential: Bool = false) {
        self.permissions = permissions
        self.confidential = confidential
    }

    public static let full = LeverAccess(permissions: nil, confidential: true)
    public static let reading = LeverAccess(
        permissions: ["opportunities:read", "files:read", "resumes:read", "users:read"]
    )

    func allows(_ permission: String) -> Bool {
        guard let permissions else { return true }
        if permissions.contains(permission) { return true }
        guard permission.hasSuffix(":read") else { return false }
        return permissions.contains(permission.dropLast(4) + "write")
    }
}

/// An application registered for OAuth.
public struct LeverOAuthClient: Sendable, Hashable {
    public var id: String
    public var secret: String
    /// Where a code may be sent, compared exactly; nil takes any address.
    public var redirectURIs: Set<String>?
    /// Whether it may have tokens for itself, without anyone's consent (RFC 6749 §4.4).
    public var allowsClientCredentials: Bool

    public init(
        id: String, secret: String, redirectURIs: Set<String>? = nil, allowsClientCredentials: Bool = false
    ) {
        self.id = id
        self.secret = secret
        self.redirectURIs = redirectURIs
        self.allowsClientCredentials = allowsClientCredentials
    }
}
