/// What refreshing takes from the world outside. The gateway gives it; tests put their own in.
public struct RefreshHooks: Sendable {
    /// How an account's integration speaks OAuth 2.0; nil where its credentials are of another kind.
    public var client: @Sendable (ResolvedAccount) async throws -> OAuthClient?
    /// Sends a request to a token endpoint, within `RefreshService.longestCall`.
    public var send: @Sendable (TokenRequest) async throws -> TokenResponse
    /// Told of changes of an account's standing, after they are stored.
    public var event: @Sendable (AccountEvent) async -> Void
    /// Waits, also in a cancelled task.
    public var sleep: @Sendable (Duration) async -> Void

    public init(
        client: @escaping @Sendable (ResolvedAccount) async throws -> OAuthClient?,
        send: @escaping @Sendable (TokenRequest) async throws -> TokenResponse,
        event: @escaping @Sendable (AccountEvent) async -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async -> Void = { duration in
            await Task { try? await Task.sleep(for: duration) }.value
        }
    ) {
        self.client = client
        self.send = send
        self.event = event
        self.sleep = sleep
    }
}

/// Something that happened to an integrated account.
public struct AccountEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case created = "integrated_account:created"
        case updated = "integrated_account:updated"
        case active = "integrated_account:active"
        case deleted = "integrated_account:deleted"
        case authenticationError = "integrated_account:authentication_error"
        case reactivated = "integrated_account:reactivated"
        case postInstallError = "integrated_account:post_install_error"
        case validationError = "integrated_account:validation_error"
    }

    public var kind: Kind
    public var account: IntegratedAccount

    public init(_ kind: Kind, _ account: IntegratedAccount) {
        self.kind = kind
        self.account = account
    }
}
