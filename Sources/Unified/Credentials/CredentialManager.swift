package import Accounts
package import Catalog
import JSON
package import Logging
package import Upstream

/// Keeps the credentials that calls are made with: fresh ones before a call, newer ones after a refusal.
///
/// What happens to an account's standing is logged.
package struct CredentialManager: Sendable {
    private let refreshing: RefreshService
    private let accounts: IntegratedAccountService
    private let logger: Logger

    /// - Parameters:
    ///   - leaseSeconds: how long other nodes wait for one that died while it refreshed.
    ///   - onRefresh: called after each request for fresh credentials.
    package init(
        catalog: Catalog, accounts: AccountServices, upstream: Upstream, logger: Logger,
        leaseSeconds: Int64 = RefreshService.longestCall + 5,
        onRefresh: @escaping @Sendable (_ integration: String, _ succeeded: Bool) -> Void = { _, _ in }
    ) {
        self.logger = logger
        self.accounts = accounts.integratedAccounts
        let opener = SessionOpener(
            sender: StepSender(upstream: upstream, time: UpstreamLimits(total: .seconds(RefreshService.longestCall))))
        var hooks = RefreshDependencies(
            client: { account in try OAuthClient(account, catalog: catalog) },
            send: { request in try await upstream.response(to: request) },
            session: { account in try account.sessionOpening(catalog, opener) },
            event: { event in Self.log(event, logger) }
        )
        hooks.ended = onRefresh
        hooks.status = { account in
            let (context, account) = (account.context, account.account)
            guard let definition = try? catalog.integration(account.integration) else { return .active }
            return definition.status(of: context.exposed(), method: account.authenticationMethod)
        }
        refreshing = accounts.refreshing(hooks, leaseSeconds: leaseSeconds)
    }

    /// The account as a call needs it; its credentials are refreshed where they are about to end.
    ///
    /// - Throws: `.storage` where the database does not respond.
    package func fresh(_ account: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount {
        try await refreshing.fresh(account)
    }

    /// New credentials on demand, whatever is left of the old ones.
    ///
    /// - Throws: `.notFound`.
    package func refresh(_ id: String, environment: String) async throws(AccountsError) -> RefreshService.Outcome {
        try await refreshing.refresh(id, environment: environment)
    }

    /// Newer credentials than those that the provider has just refused; nil where there are none.
    func replacement(for account: ResolvedAccount) async -> ResolvedAccount? {
        do { return try await refreshing.replacement(for: account) } catch {
            note(error, account)
            return nil
        }
    }

    /// The provider refused credentials that were renewed just now.
    func rejected(_ account: ResolvedAccount) async {
        do { try await refreshing.rejected(account) } catch { note(error, account) }
    }

    /// The provider carried out a call: an account that was given up lives again, and the call is not forbidden.
    func accepted(_ account: ResolvedAccount, _ call: ForbiddenCall) async {
        do {
            try await refreshing.accepted(account)
            guard call.isNamed(by: account.account.lastForbiddenError) else { return }
            try await accounts.noteAllowed(call, account.account.id, environment: account.account.environmentID)
        } catch { note(error, account) }
    }

    /// The provider took the credentials, and forbade the call.
    func forbidden(_ account: ResolvedAccount, _ call: ForbiddenCall) async {
        do { try await accounts.noteForbidden(call, account.account.id, environment: account.account.environmentID) } catch {
            note(error, account)
        }
    }

    private func note(_ error: AccountsError, _ account: ResolvedAccount) {
        logger.error(
            "The standing of an account was not stored",
            metadata: ["account": .string(account.account.id), "error": .string(error.description)]
        )
    }

    private static func log(_ event: AccountEvent, _ logger: Logger) {
        var metadata: Logger.Metadata = [
            "account": .string(event.account.id), "event": .string(event.kind.rawValue),
        ]
        metadata["code"] = (event.account.lastError?["code"]?.string).map { .string($0) }
        logger.notice("An account's standing has changed", metadata: metadata)
    }
}
