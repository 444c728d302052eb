public import JSON

/// How an integration speaks OAuth 2.0 (RFC 6749), with every placeholder of its definition filled in.
public struct OAuthClient: Sendable {
    public enum Grant: String, Sendable, Hashable {
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
    }

    public var clientID: String
    /// Nil for a public client.
    public var clientSecret: Secret<String>?
    /// Nil where the only grant is that of client credentials.
    public var authorizeURL: String?
    public var tokenURL: String
    /// Where tokens are refreshed; `tokenURL` where nil.
    public var refreshURL: String?
    /// How a new access token is had later on.
    public var grant: Grant
    public var scopes: [String]
    public var scopeSeparator: String
    /// Further parameters of the authorization request, such as an audience.
    public var parameters: JSONObject
    public var tokenParameters: JSONObject
    public var refreshParameters: JSONObject
    /// Proof key with S256 (RFC 7636). Only for a server that is known to refuse it is this false.
    public var pkce: Bool
    /// The client's credentials in the `Authorization` header instead of the body (RFC 6749 §2.3.1).
    public var clientInHeader: Bool
    /// Token requests as JSON instead of a form, which the standard does not know.
    public var tokenRequestIsJSON: Bool
    /// Seconds that an access token lives where the response does not say.
    public var tokenLifetime: Int64?
    /// The server's identity (RFC 9207). Where given, a redirect that names another one is refused.
    public var issuer: String?
    /// Whether the server always names itself in redirects, so that one without a name is refused too.
    public var requiresIssuer: Bool

    public init(
        clientID: String, clientSecret: Secret<String>? = nil, authorizeURL: String? = nil, tokenURL: String,
        refreshURL: String? = nil, grant: Grant = .refreshToken, scopes: [String] = [], scopeSeparator: String = " ",
        parameters: JSONObject = [:], tokenParameters: JSONObject = [:], refreshParameters: JSONObject = [:],
        pkce: Bool = true, clientInHeader: Bool = false, tokenRequestIsJSON: Bool = false,
        tokenLifetime: Int64? = nil, issuer: String? = nil, requiresIssuer: Bool = false
    ) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.authorizeURL = authorizeURL
        self.tokenURL = tokenURL
        self.refreshURL = refreshURL
        self.grant = grant
        self.scopes = scopes
        self.scopeSeparator = scopeSeparator
        self.parameters = parameters
        self.tokenParameters = tokenParameters
        self.refreshParameters = refreshParameters
        self.pkce = pkce
        self.clientInHeader = clientInHeader
        self.tokenRequestIsJSON = tokenRequestIsJSON
        self.tokenLifetime = tokenLifetime
        self.issuer = issuer
        self.requiresIssuer = requiresIssuer
    }
}
