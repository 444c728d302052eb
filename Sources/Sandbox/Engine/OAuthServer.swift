import Encodings
import JSON

/// The authorization server in front of a sandbox: its clients, its tokens, and what it was configured to do.
struct OAuthServer {
    enum Decision: String { case allow, deny }

    /// What the authorization page does with the browser.
    enum Authorization {
        /// Sends it back, with a code or with an error.
        case redirect(String)
        /// Asks the person first: whether the client may have these scopes.
        case ask(client: String, scopes: [String])
    }

    let spec: OAuthSpec?
    private(set) var tokens: OAuthTokens
    private(set) var autoApproves: Bool

    init(_ spec: OAuthSpec?, options: SandboxOptions) {
        self.spec = spec
        var lifetimes = OAuthTokens.Lifetimes()
        let seconds = options.accessTokenLifetime ?? spec?.accessLifetime ?? 3600
        lifetimes.access = Int64(seconds) * 1000
        if let spec {
            lifetimes.refresh = Int64(spec.refreshLifetime) * 1000
            lifetimes.refreshUnused = Int64(spec.refreshUnused) * 1000
        }
        tokens = OAuthTokens(lifetimes: lifetimes, refresh: spec?.refresh ?? .never, rotates: spec?.rotates ?? true) {
            Hex.text(options.randomNumbers.bytes(24))
        }
        autoApproves = options.autoApprove
    }

    mutating func configure(autoApprove: Bool?, accessTokenLifetime: Int?) {
        autoApproves = autoApprove ?? autoApproves
        if let accessTokenLifetime { tokens.lifetimes.access = Int64(accessTokenLifetime) * 1000 }
    }

    mutating func revokeConsents() { tokens.revokeAll() }

    /// Seconds.
    var accessTokenLifetime: Int64 { tokens.lifetimes.access / 1000 }

    /// For `GET /_sandbox/state`.
    var summary: JSONValue {
        [
            "auto_approve": .bool(autoApproves), "access_token_lifetime": .integer(accessTokenLifetime),
            "consents": .integer(tokens.counts.consents), "refreshes": .integer(tokens.counts.refreshes),
            "revoked_consents": .integer(tokens.counts.revokedConsents),
        ]
    }

    func client(_ id: String?) -> OAuthSpec.Client? { spec?.clients.first { $0.id == id } }

    // MARK: Authorization

    /// - Parameters:
    ///   - decision: the person's, once they were asked.
    ///   - issuer: this server's identity, which goes back with every response (RFC 9207); nil for servers that have none.
    /// - Throws: only what must not be sent to an unchecked address (RFC 6749 §4.1.2.1).
    mutating func authorize(
        _ query: FormEncoding, decision: Decision?, issuer: String?, now: Int64
    ) throws(OAuthFault) -> Authorization {
        guard let client = client(query["client_id"]) else { throw .client }
        guard let redirect = query["redirect_uri"], !redirect.isEmpty else { throw .request("redirect_uri is missing") }
        if let known = client.redirectURIs, !known.contains(redirect) { throw .request("redirect_uri is not registered") }
        var pairs: [(String, String)]
        do throws(OAuthFault) {
            let grant = try grant(query, client, redirect)
            switch decision ?? (autoApproves ? .allow : nil) {
            case .allow: pairs = [("code", tokens.consent(grant, now: now))]
            case .deny: throw OAuthFault(status: 302, error: "access_denied", description: "The person said no")
            case nil: return .ask(client: client.id, scopes: grant.scopes)
            }
        } catch {
            pairs = [("error", error.error), ("error_description", error.description)]
        }
        if let state = query["state"] { pairs.append(("state", state)) }
        if let issuer { pairs.append(("iss", issuer)) }
        let text = pairs.map { "\($0.0)=\(PercentEncoding.encoded($0.1))" }.joined(separator: "&")
        return .redirect("\(redirect)\(redirect.contains("?") ? "&" : "?")\(text)")
    }

    private func grant(
        _ query: FormEncoding, _ client: OAuthSpec.Client, _ redirect: String
    ) throws(OAuthFault) -> OAuthTokens.Grant {
        guard query["response_type"] == "code" else {
            throw OAuthFault(status: 302, error: "unsupported_response_type", description: "response_type must be code")
        }
        if spec?.needsAudience == true, query["audience"]?.isEmpty != false { throw .request("audience is missing") }
        return OAuthTokens.Grant(
            client: client.id, redirectURI: redirect, scopes: Self.scopes(query["scope"]), challenge: try CodeChallenge(query)
        )
    }

    /// Scopes are divided by spaces (RFC 6749 §3.3); some vendors write commas.
    static func scopes(_ text: String?) -> [String] {
        (text ?? "").split { $0 == " " || $0 == "," }.map(String.init)
    }

    // MARK: Tokens

    /// The client that a token request proves to be.
    ///
    /// - Parameter authorization: the header of that name, in which the client may name itself instead of in the form.
    func client(_ form: FormEncoding, _ authorization: String?) throws(OAuthFault) -> OAuthSpec.Client {
        var (id, secret) = (form["client_id"], form["client_secret"])
        if let authorization, spec?.clientIn.contains("basic") != false {
            guard secret == nil else { throw .request("The client proves itself twice") }
            guard let pair = BasicCredentials(authorization) else { throw .client }
            // Form-encoded inside the pair (RFC 6749 §2.3.1).
            (id, secret) = (
                PercentEncoding.decodedLeniently(pair.name, plusIsSpace: true),
                PercentEncoding.decodedLeniently(pair.password, plusIsSpace: true)
            )
        } else if spec?.clientIn.contains("body") == false {
            throw .client
        }
        guard let client = client(id), client.secret == nil || client.secret == secret else { throw .client }
        return client
    }

    /// Carries out a token request (RFC 6749 §4.1.3, §4.4.2 and §6); nil for a grant type of the file's own.
    mutating func token(
        _ form: FormEncoding, _ client: OAuthSpec.Client, now: Int64
    ) throws(OAuthFault) -> OAuthTokens.Issued? {
        switch form["grant_type"] {
        case "authorization_code":
            guard let code = form["code"] else { throw .request("code is missing") }
            guard let redirect = form["redirect_uri"] else { throw .request("redirect_uri is missing") }
            return try tokens.exchange(
                code: code, client: client.id, redirectURI: redirect, verifier: form["code_verifier"], now: now
            )
        case "refresh_token":
            guard let token = form["refresh_token"] else { throw .request("refresh_token is missing") }
            return try tokens.refresh(token, client: client.id, now: now)
        case "client_credentials":
            guard client.grants.contains("client_credentials") else { throw .unauthorizedClient }
            return tokens.clientCredentials(client.id, scopes: Self.scopes(form["scope"]), now: now)
        case let type? where spec?.grants.contains { $0.name == type } == true: return nil
        default: throw .grantType
        }
    }

    /// Tokens without a request: for accounts that are connected already, and grants of the file's own.
    mutating func issue(client: String, scopes: [String], now: Int64) -> OAuthTokens.Issued {
        tokens.issue(client, scopes: scopes, now: now)
    }
}
