/// What an authorization server has issued: codes, access tokens, and refresh tokens that rotate.
///
/// A code: fresh → used. A refresh token: live → spent. Using a used code or a spent refresh token again
/// means that it leaked, and revokes all tokens that came of the same consent (RFC 6819 §5.2.2.3).
struct OAuthTokens: Sendable {
    /// What one consent allowed, and to whom.
    struct Grant: Sendable, Hashable {
        var client: String
        var redirectURI: String
        var scopes: [String]
        /// What the code can be exchanged with; nil where the client gave none.
        var challenge: CodeChallenge?
    }

    /// Lifetimes in milliseconds.
    struct Lifetimes: Sendable {
        var code: Int64 = 10 * 60 * 1000
        var access: Int64 = 60 * 60 * 1000
        var refresh: Int64 = 365 * 24 * 60 * 60 * 1000
        var refreshUnused: Int64 = 90 * 24 * 60 * 60 * 1000
    }

    struct Issued: Sendable {
        var access: String
        var refresh: String?
        var scopes: [String]
        var client: String
    }

    private struct Entry {
        var family: Int
        var expiresAt: Int64
        var isSpent = false
    }

    /// What has happened since the start.
    struct Counts: Sendable {
        var consents = 0
        var refreshes = 0
        var revokedConsents = 0
    }

    var lifetimes: Lifetimes
    /// Who gets a refresh token.
    let refresh: OAuthSpec.Refresh
    /// Whether each refresh gives a new refresh token, and spends the old one.
    let rotates: Bool
    private(set) var counts = Counts()
    private let newToken: @Sendable () -> String
    private var grants: [Int: Grant] = [:]
    private var nextFamily = 1
    private var codes: [String: Entry] = [:]
    private var accesses: [String: Entry] = [:]
    private var refreshes: [String: Entry] = [:]
    /// When the consent was given: a refresh token's year counts from there.
    private var startedAt: [Int: Int64] = [:]

    init(
        lifetimes: Lifetimes, refresh: OAuthSpec.Refresh, rotates: Bool, newToken: @escaping @Sendable () -> String
    ) {
        self.lifetimes = lifetimes
        self.refresh = refresh
        self.rotates = rotates
        self.newToken = newToken
    }

    mutating func consent(_ grant: Grant, now: Int64) -> String {
        let code = newToken()
        codes[code] = Entry(family: begin(grant, now), expiresAt: now + lifetimes.code)
        counts.consents += 1
        return code
    }

    /// A token for the client itself (RFC 6749 §4.4), never with a refresh token.
    mutating func clientCredentials(_ client: String, scopes: [String], now: Int64) -> Issued {
        let grant = Grant(client: client, redirectURI: "", scopes: scopes.filter { $0 != "offline_access" })
        return issue(begin(grant, now), grant, now, refresh: nil)
    }

    /// As after a consent and an exchange.
    mutating func issue(_ client: String, scopes: [String], now: Int64) -> Issued {
        let grant = Grant(client: client, redirectURI: "", scopes: scopes)
        let family = begin(grant, now)
        return issue(family, grant, now, refresh: newRefresh(family, grant, now))
    }

    private mutating func begin(_ grant: Grant, _ now: Int64) -> Int {
        defer { nextFamily += 1 }
        grants[nextFamily] = grant
        startedAt[nextFamily] = now
        return nextFamily
    }

    mutating func exchange(
        code: String, client: String, redirectURI: String, verifier: String?, now: Int64
    ) throws(OAuthFault) -> Issued {
        guard let entry = codes[code], let grant = grants[entry.family] else {
            throw .grant("The code is unknown, or its tokens were revoked")
        }
        guard !entry.isSpent else {
            revoke(entry.family)
            throw .grant("The code has been used; its tokens are revoked")
        }
        guard grant.client == client else { throw .grant("The code is another client's") }
        guard grant.redirectURI == redirectURI else { throw .grant("redirect_uri is not the one of the authorization") }
        guard entry.expiresAt > now else { throw .grant("The code has expired") }
        switch (grant.challenge, verifier) {
        case (nil, nil): break
        // As if the challenge had been stripped on the way (RFC 9700 §4.8.2).
        case (nil, _?): throw .grant("code_verifier was given, but the authorization had no code_challenge")
        case (_?, nil): throw .grant("code_verifier is missing")
        case (let challenge?, let verifier?):
            guard challenge.fits(verifier) else { throw .grant("code_verifier does not fit the code_challenge") }
        }
        codes[code]?.isSpent = true
        return issue(entry.family, grant, now, refresh: newRefresh(entry.family, grant, now))
    }

    mutating func refresh(_ token: String, client: String, now: Int64) throws(OAuthFault) -> Issued {
        guard let entry = refreshes[token], let grant = grants[entry.family] else {
            throw .grant("The refresh token is unknown, or was revoked")
        }
        guard grant.client == client else { throw .grant("The refresh token is another client's") }
        guard !entry.isSpent else {
            revoke(entry.family)
            throw .grant("The refresh token has been used; all tokens of this consent are revoked")
        }
        guard entry.expiresAt > now else { throw .grant("The refresh token has expired") }
        counts.refreshes += 1
        guard rotates else {
            let end = end(entry.family, now)
            refreshes[token]?.expiresAt = end
            return issue(entry.family, grant, now, refresh: nil)
        }
        refreshes[token]?.isSpent = true
        return issue(entry.family, grant, now, refresh: newRefresh(entry.family, grant, now))
    }

    /// The scopes of a live access token, and a name for its consent; nil for any other text.
    func access(_ token: String, now: Int64) -> (consent: Int, scopes: [String], client: String)? {
        guard let entry = accesses[token], entry.expiresAt > now, let grant = grants[entry.family] else { return nil }
        return (entry.family, grant.scopes, grant.client)
    }

    private mutating func issue(_ family: Int, _ grant: Grant, _ now: Int64, refresh: String?) -> Issued {
        let access = newToken()
        accesses[access] = Entry(family: family, expiresAt: now + lifetimes.access)
        return Issued(access: access, refresh: refresh, scopes: grant.scopes, client: grant.client)
    }

    private mutating func newRefresh(_ family: Int, _ grant: Grant, _ now: Int64) -> String? {
        switch refresh {
        case .never: return nil
        case .scope(let scope) where !grant.scopes.contains(scope): return nil
        case .scope, .always: break
        }
        let token = newToken()
        refreshes[token] = Entry(family: family, expiresAt: end(family, now))
        return token
    }

    private func end(_ family: Int, _ now: Int64) -> Int64 {
        min((startedAt[family] ?? now) + lifetimes.refresh, now + lifetimes.refreshUnused)
    }

    /// Ends every consent, as customers do in the vendor's settings.
    mutating func revokeAll() {
        for family in grants.keys { revoke(family) }
    }

    /// Without its grant, no token of the family is good for anything.
    private mutating func revoke(_ family: Int) {
        if grants.removeValue(forKey: family) != nil { counts.revokedConsents += 1 }
    }
}
