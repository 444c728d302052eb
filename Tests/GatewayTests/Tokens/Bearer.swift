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

    /// The `Authorization` of each kind, in an environment next to that of the gateway.
    static func all(in gateway: TestGateway) async throws -> [Bearer: String?] {
        let tokens = gateway.accounts.tokens
        let soon = Effects.live.now().adding(seconds: 1)
        let short = try await tokens.create(name: "short", environment: gateway.environmentID, expiresAt: soon)
        let revoked = try await tokens.create(name: "revoked", environment: gateway.environmentID)
        try await tokens.revoke(revoked.token.id, environment: gateway.environmentID)
        let other = try await gateway.accounts.environments.create(name: "Other")
        let stranger = try await tokens.create(name: "stranger", environment: other.id)
        let narrow = try await tokens.create(
            name: "narrow", environment: gateway.environmentID, scopes: ["nothing/nowhere:never"])
        let account = try await gateway.accounts.accountTokens.create(gateway.accountID, environment: gateway.environmentID)
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
