import Accounts
import Storage

/// The kinds of tokens that a call can come with.
enum Bearer: String, CaseIterable {
    /// No `Authorization` at all.
    case none
    case malformed, unknown, expired, revoked
    /// A live token of another environment.
    case stranger
    /// A live token whose scopes hold no method of any model.
    case narrow
    /// An integrated-account token.
    case account

    /// Whether the gateway knows whose it is.
    var isLive: Bool { self == .stranger || self == .narrow || self == .account }

    /// The `Authorization` of each kind, in an environment next to that of the house.
    static func all(in house: House) async throws -> [Bearer: String?] {
        let tokens = house.accounts.tokens
        let soon = Effects.live.now().adding(seconds: 1)
        let short = try await tokens.create(name: "short", environment: house.environmentID, expiresAt: soon)
        let revoked = try await tokens.create(name: "revoked", environment: house.environmentID)
        try await tokens.revoke(revoked.token.id, environment: house.environmentID)
        let other = try await house.accounts.environments.create(name: "Other")
        let stranger = try await tokens.create(name: "stranger", environment: other.id)
        let narrow = try await tokens.create(
            name: "narrow", environment: house.environmentID, scopes: ["nothing/nowhere:never"])
        let account = try await house.accounts.accountTokens.create(house.accountID, environment: house.environmentID)
        // The service makes no token that has ended; so the clock is let past this one's end.
        while Effects.live.now() <= soon { try await Task.sleep(for: .milliseconds(20)) }
        return [
            .none: nil, .malformed: "Basic YTpi", .unknown: "Bearer att_" + String(repeating: "A", count: 43),
            .expired: "Bearer \(short.secret.exposed())", .revoked: "Bearer \(revoked.secret.exposed())",
            .stranger: "Bearer \(stranger.secret.exposed())", .narrow: "Bearer \(narrow.secret.exposed())",
            .account: "Bearer \(account.exposed())",
        ]
    }
}
