import JSON
import Synchronization

/// The authorization server in front of the pretend Lever: its clients, its tokens, and what it is told to do.
final class LeverOAuth: Sendable {
    private struct State {
        var tokens: OAuthTokens
        var autoApprove: Bool
    }

    let clients: [LeverOAuthClient]
    private let options: SandboxOptions
    private let state: Mutex<State>
    private let clock: SandboxClock

    init(options: SandboxOptions, clock: SandboxClock) {
        clients = options.credentials.oauthClients
        self.options = options
        self.clock = clock
        state = Mutex(Self.fresh(options))
    }

    private static func fresh(_ options: SandboxOptions) -> State {
        var lifetimes = OAuthTokens.Lifetimes()
        lifetimes.access = Int64(options.accessTokenLifetime) * 1000
        let tokens = OAuthTokens(lifetimes: lifetimes) {
            Hex.text((0..<24).map { _ in UInt8.random(in: .min ... .max) })
        }
        return State(tokens: tokens, autoApprove: options.autoApprove)
    }

    func reset() { state.withLock { $0 = Self.fresh(options) } }

    func configure(autoApprove: Bool?, accessTokenLifetime: Int?) {
        state.withLock { state in
            state.autoApprove = autoApprove ?? state.autoApprove
            if let accessTokenLifetime { state.tokens.lifetimes.access = Int64(accessTokenLifetime) * 1000 }
        }
    }

    func revokeConsents() { state.withLock { $0.tokens.revokeAll() } }

    var autoApproves: Bool { state.withLock { $0.autoApprove } }

    /// Seconds.
    var accessTokenLifetime: Int64 { state.withLock { $0.tokens.lifetimes.access / 1000 } }

    /// For `GET /_sandbox/state`.
    var summary: JSONValue {
        state.withLock { state in
            [
                "auto_approve": .bool(state.autoApprove),
                "access_token_lifetime": .integer(state.tokens.lifetimes.access / 1000),
                "consents": .integer(state.tokens.counts.consents),
                "refreshes": .integer(state.tokens.counts.refreshes),
                "revoked_consents": .integer(state.tokens.counts.revokedConsents),
            ]
        }
    }

    /// A code for what the person consented to.
    func consent(_ grant: OAuthTokens.Grant) -> String {
        state.withLock { $0.tokens.consent(grant, now: clock.now) }
    }

    /// Answers a token request (RFC 6749 §4.1.3, §4.4.2 and §6).
    ///
    /// - Parameter authorization: the header of that name, in which the client may name itself instead of in the form.
    func token(_ form: FormEncoding, authorization: String?) throws(OAuthFault) -> OAuthTokens.Issued {
        let client = try client(form, authorization)
        let now = clock.now
        return try state.withLock { (state) throws(OAuthFault) in
            switch form["grant_type"] {
            case "authorization_code":
                guard let code = form["code"] else { throw .request("code is missing") }
                guard let redirect = form["redirect_uri"] else { throw .request("redirect_uri is missing") }
                return try state.tokens.exchange(
                    code: code, client: client.id, redirectURI: redirect, verifier: form["code_verifier"], now: now
                )
            case "refresh_token":
                guard let token = form["refresh_token"] else { throw .request("refresh_token is missing") }
                return try state.tokens.refresh(token, client: client.id, now: now)
            case "client_credentials":
                guard client.allowsClientCredentials else { throw .unauthorizedClient }
                let scopes = (form["scope"] ?? "").split(separator: " ").map(String.init)
                return state.tokens.clientCredentials(client.id, scopes: scopes, now: now)
            default: throw .grantType
            }
        }
    }

    private func client(_ form: FormEncoding, _ authorization: String?) throws(OAuthFault) -> LeverOAuthClient {
        var (id, secret) = (form["client_id"], form["client_secret"])
        if let authorization {
            guard secret == nil else { throw .request("The client proves itself twice") }
            guard let pair = BasicCredentials(authorization) else { throw .client }
            // Form-encoded inside the pair (RFC 6749 §2.3.1).
            (id, secret) = (FormEncoding.decode(pair.name), FormEncoding.decode(pair.password))
        }
        guard let client = clients.first(where: { $0.id == id }), client.secret == secret else { throw .client }
        return client
    }

    /// What the bearer of this access token may do.
    func access(_ token: String) -> (key: String, access: LeverAccess)? {
        guard let (consent, scopes) = state.withLock({ $0.tokens.access(token, now: clock.now) }) else { return nil }
        // Scopes are `<resource>:<read|write>:admin`.
        let permissions = scopes.filter { $0.hasSuffix(":admin") }.map { String($0.dropLast(6)) }
        let access = LeverAccess(
            permissions: Set(permissions), confidential: permissions.contains("confidential:access")
        )
        return ("oauth \(consent)", access)
    }
}
