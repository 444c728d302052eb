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
        /// Only with the scope `offline_access`.
        var refresh: String?
        var scopes: [String]
    }

    private struct Entry {
        var family: Int
        var expiresAt: Int64
        var isSpent = false
    }

    let lifetimes: Lifetimes
    private let newToken: @Sendable () -> String
    private var grants: [Int: Grant] = [:]
    private var nextFamily = 1
    private var codes: [String: Entry] = [:]
    private var accesses: [String: Entry] = [:]
    private var refreshes: [String: Entry] = [:]
    /// When the consent was given: a refresh token's year counts from there.
    private var startedAt: [Int: Int64] = [:]

    init(lifetimes: Lifetimes, newToken: @escaping @Sendable () -> String) {
        self.lifetimes = lifetimes
        self.newToken = newToken
    }

    mutating func consent(_ grant: Grant, now: Int64) -> String {
        let code = newToken()
        codes[code] = Entry(family: nextFamily, expiresAt: now + lifetimes.code)
        grants[nextFamily] = grant
        startedAt[nextFamily] = now
        nextFamily += 1
        return code
    }

    mutating func exchange(
        code: String, client: String, redirectURI: String, now: Int64
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
        codes[code]?.isSpent = true
        return issue(entry.family, grant, now)
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
        refreshes[token]?.isSpent = true
        return issue(entry.family, grant, now)
    }

    /// The scopes of a live access token, and a name for its consent; nil for any other text.
    func access(_ token: String, now: Int64) -> (consent: Int, scopes: [String])? {
        guard let entry = accesses[token], entry.expiresAt > now, let grant = grants[entry.family] else { return nil }
        return (entry.family, grant.scopes)
    }

    private mutating func issue(_ family: Int, _ grant: Grant, _ now: Int64) -> Issued {
        let access = newToken()
        accesses[access] = Entry(family: family, expiresAt: now + lifetimes.access)
        var refresh: String?
        if grant.scopes.contains("offline_access") {
            let token = newToken()
            let end = min((startedAt[family] ?? now) + lifetimes.refresh, now + lifetimes.refreshUnused)
            refreshes[token] = Entry(family: family, expiresAt: end)
            refresh = token
        }
        return Issued(access: access, refresh: refresh, scopes: grant.scopes)
    }

    /// Without its grant, no token of the family is good for anything.
    private mutating func revoke(_ family: Int) { grants[family] = nil }
}
