import Synchronization

/// The authorization server in front of the pretend Lever.
final class LeverOAuth: Sendable {
    private let clients: [LeverOAuthClient]
    private let lifetimes: OAuthTokens.Lifetimes
    private let tokens: Mutex<OAuthTokens>
    private let clock: SandboxClock

    init(options: SandboxOptions, clock: SandboxClock) {
        clients = options.credentials.oauthClients
        var lifetimes = OAuthTokens.Lifetimes()
        lifetimes.access = Int64(options.accessTokenLifetime) * 1000
        self.lifetimes = lifetimes
        self.clock = clock
        tokens = Mutex(Self.fresh(lifetimes))
    }

    private static func fresh(_ lifetimes: OAuthTokens.Lifetimes) -> OAuthTokens {
        OAuthTokens(lifetimes: lifetimes) { Hex.text((0..<24).map { _ in UInt8.random(in: .min ... .max) }) }
    }

    func reset() { tokens.withLock { $0 = Self.fresh(lifetimes) } }

    /// Where to send the browser. The person consents at once.
    ///
    /// Throws only what must not be sent to an unchecked address (RFC 6749 §4.1.2.1).
    func authorize(_ query: FormEncoding) throws(OAuthFault) -> String {
        guard let client = clients.first(where: { $0.id == query["client_id"] }) else { throw .client }
        guard let redirect = query["redirect_uri"], !redirect.isEmpty else {
            throw .request("redirect_uri is missing")
        }
        if let known = client.redirectURIs, !known.contains(redirect) {
            throw .request("redirect_uri is not registered")
        }
        var answer: [(String, String)]
        if query["response_type"] != "code" {
            answer = [("error", "unsupported_response_type"), ("error_description", "response_type must be code")]
        } else if query["audience"]?.isEmpty != false {
            answer = [("error", "invalid_request"), ("error_description", "audience is missing")]
        } else {
            let scopes = (query["scope"] ?? "").split(separator: " ").map(String.init)
            let grant = OAuthTokens.Grant(client: client.id, redirectURI: redirect, scopes: scopes)
            answer = [("code", tokens.withLock { $0.consent(grant, now: clock.now) })]
        }
        if let state = query["state"] { answer.append(("state", state)) }
        let text = answer.map { "\($0.0)=\(FormEncoding.encode($0.1))" }.joined(separator: "&")
        return "\(redirect)\(redirect.contains("?") ? "&" : "?")\(text)"
    }

    func token(_ form: FormEncoding) throws(OAuthFault) -> OAuthTokens.Issued {
        guard let client = clients.first(where: { $0.id == form["client_id"] }), client.secret == form["client_secret"]
        else { throw .client }
        let now = clock.now
        switch form["grant_type"] {
        case "authorization_code":
            guard let code = form["code"] else { throw .request("code is missing") }
            guard let redirect = form["redirect_uri"] else { throw .request("redirect_uri is missing") }
            return try tokens.withLock { (tokens) throws(OAuthFault) in
                try tokens.exchange(code: code, client: client.id, redirectURI: redirect, now: now)
            }
        case "refresh_token":
            guard let token = form["refresh_token"] else { throw .request("refresh_token is missing") }
            return try tokens.withLock { (tokens) throws(OAuthFault) in
                try tokens.refresh(token, client: client.id, now: now)
            }
        default: throw .grantType
        }
    }

    /// What the bearer of this access token may do.
    func access(_ token: String) -> (key: String, access: LeverAccess)? {
        guard let (consent, scopes) = tokens.withLock({ $0.access(token, now: clock.now) }) else { return nil }
        // Scopes are `<resource>:<read|write>:admin`.
        let permissions = scopes.filter { $0.hasSuffix(":admin") }.map { String($0.dropLast(6)) }
        let access = LeverAccess(
            permissions: Set(permissions), confidential: permissions.contains("confidential:access")
        )
        return ("oauth \(consent)", access)
    }
}
