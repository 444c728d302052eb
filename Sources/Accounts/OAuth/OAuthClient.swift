package import JSON

/// How an integration speaks OAuth 2.0 (RFC 6749), with every placeholder of its definition filled in.
package struct OAuthClient: Sendable {
    package enum Grant: String, Sendable, Hashable {
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
    }

    package var clientID: String
    /// Nil for a public client.
    package var clientSecret: Secret<String>?
    /// Nil where the only grant is that of client credentials.
    package var authorizeURL: String?
    package var tokenURL: String
    /// Where tokens are refreshed; `tokenURL` where nil.
    package var refreshURL: String?
    /// How a new access token is had later on.
    package var grant: Grant
    package var scopes: [String]
    package var scopeSeparator: String
    /// Further parameters of the authorization request, such as an audience.
    package var parameters: JSONObject
    package var tokenParameters: JSONObject
    package var refreshParameters: JSONObject
    /// Proof key with S256 (RFC 7636). Only for a server that is known to refuse it is this false.
    package var pkce: Bool
    /// The client's credentials in the `Authorization` header instead of the body (RFC 6749 §2.3.1).
    package var clientInHeader: Bool
    /// Token requests as JSON instead of a form, which the standard does not know.
    package var tokenRequestIsJSON: Bool
    /// Seconds that an access token lives where the response does not say.
    package var tokenLifetime: Int64?
    /// The server's identity (RFC 9207). Where given, a redirect that names another one is refused.
    package var issuer: String?
    /// Whether the server always names itself in redirects, so that one without a name is refused too.
    package var requiresIssuer: Bool

    package init(
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
