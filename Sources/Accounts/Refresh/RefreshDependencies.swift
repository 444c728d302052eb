package import JSON

/// Opens a session at the vendor and gives its members; `expires_in` says in seconds how long it lasts.
///
/// - Throws: `OAuthFailure`, of code `credentials_refused` where the vendor takes the credentials for wrong.
package typealias SessionOpening = @Sendable () async throws -> Secret<JSONObject>

/// What refreshing takes from the world outside. The gateway gives it; tests put their own in.
package struct RefreshDependencies: Sendable {
    /// How an account's integration speaks OAuth 2.0; nil where its credentials are of another kind.
    package var client: @Sendable (ResolvedAccount) async throws -> OAuthClient?
    /// Sends a request to a token endpoint, within `RefreshService.longestCall`.
    package var send: @Sendable (TokenRequest) async throws -> TokenResponse
    /// How an account's session is opened; nil where its integration has none.
    package var session: @Sendable (ResolvedAccount) throws -> SessionOpening?
    /// Told of changes of an account's standing, after they are stored.
    package var event: @Sendable (AccountEvent) async -> Void
    /// What an account is once its credentials work again: `active`, or `incomplete` while a field is to be chosen.
    package var status: @Sendable (ResolvedAccount) -> AccountStatus = { _ in .active }
    /// Called after each request for fresh credentials.
    package var ended: @Sendable (_ integration: String, _ succeeded: Bool) -> Void = { _, _ in }
    /// Waits, also in a cancelled task.
    package var sleep: @Sendable (Duration) async -> Void

    package init(
        client: @escaping @Sendable (ResolvedAccount) async throws -> OAuthClient?,
        send: @escaping @Sendable (TokenRequest) async throws -> TokenResponse,
        session: @escaping @Sendable (ResolvedAccount) throws -> SessionOpening? = { _ in nil },
        event: @escaping @Sendable (AccountEvent) async -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async -> Void = { duration in
            await Task { try? await Task.sleep(for: duration) }.value
        }
    ) {
        self.client = client
        self.send = send
        self.session = session
        self.event = event
        self.sleep = sleep
    }
}
