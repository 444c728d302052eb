package import Logging
package import Storage

/// Everything about environments, tokens and accounts, on one store and one vault.
package struct AccountServices: Sendable {
    package let environments: EnvironmentService
    package let tokens: TokenService
    package let environmentIntegrations: EnvironmentIntegrationService
    package let environmentUnifiedModels: EnvironmentUnifiedModelService
    package let integratedAccounts: IntegratedAccountService
    package let linkTokens: LinkTokenService
    package let accountTokens: AccountTokenService
    package let webhooks: WebhookService
    package let idempotency: IdempotencyService
    package let fileLinks: FileLinkService
    package let audit: AuditService
    package let callLog: CallLogService
    package let failedExchanges: FailedExchanges
    package let keyRotation: KeyRotation
    /// Where nodes count their calls to providers together; nil where the database is one node's own.
    package let rateLimits: (any RateLimitStore)?
    private let leases: any LeaseStore
    private let database: any Store
    private let effects: Effects

    /// - Parameters:
    ///   - cacheSize: most accounts, and most tokens, that are kept in memory.
    /// - Throws: `.vault` where something is sealed with a key that the vault lacks, naming the key.
    package init(
        store: any Store, vault: Vault, effects: Effects = .live, cacheSize: Int = 10_000
    ) async throws(AccountsError) {
        let neededKeys = try await stored { () async throws(StorageError) in try await store.sealedKeyIDs() }
        do { try vault.checkKeys(neededKeys) } catch { throw .vault(error) }
        environments = EnvironmentService(store: store, effects: effects)
        tokens = TokenService(store: store, effects: effects, cacheSize: cacheSize)
        environmentIntegrations = EnvironmentIntegrationService(
            store: store, vault: vault, effects: effects, cacheSize: cacheSize
        )
        environmentUnifiedModels = EnvironmentUnifiedModelService(store: store, effects: effects, cacheSize: cacheSize)
        integratedAccounts = IntegratedAccountService(
            store: store, installations: environmentIntegrations, vault: vault, effects: effects, cacheSize: cacheSize
        )
        linkTokens = LinkTokenService(store: store, vault: vault, effects: effects)
        accountTokens = AccountTokenService(accounts: integratedAccounts, vault: vault, effects: effects)
        webhooks = WebhookService(store: store, vault: vault, effects: effects)
        idempotency = IdempotencyService(store: store, vault: vault, effects: effects)
        fileLinks = FileLinkService(store: store, vault: vault, effects: effects)
        audit = AuditService(store: store, effects: effects)
        callLog = CallLogService(store: store, effects: effects)
        failedExchanges = FailedExchanges(store: store, vault: vault, effects: effects)
        keyRotation = KeyRotation(store: store, vault: vault)
        rateLimits = store.isShared ? store : nil
        leases = store
        database = store
        self.effects = effects
    }

    /// Sets what the log of calls keeps from now on.
    package func setLogBounds(_ bounds: CallLogService.Bounds) {
        callLog.setBounds(bounds)
        failedExchanges.setDays(bounds.failureDays)
    }

    /// What keeps credentials fresh, given how to reach the providers. One for the whole process.
    ///
    /// - Parameter leaseSeconds: how long others wait for a node that died while it refreshed.
    package func refreshing(
        _ hooks: RefreshDependencies, leaseSeconds: Int64 = RefreshService.longestCall + 5
    ) -> RefreshService {
        RefreshService(
            accounts: integratedAccounts, leases: leases, effects: effects, hooks: hooks, leaseSeconds: leaseSeconds
        )
    }

    /// Returns once the database has answered.
    package func ping() async throws(AccountsError) {
        try await stored { () async throws(StorageError) in try await database.ping() }
    }

    /// Does the work that is not part of any call, until it is cancelled; then writes what is left.
    package func run(logger: Logger) async {
        // What a process that died has left behind does not wait for the first round.
        await purge(logger)
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            await flush(logger)
            await purge(logger)
        }
    }

    /// What is left of a full batch goes the next time.
    private func purge(_ logger: Logger) async {
        do {
            try await linkTokens.purge()
            try await idempotency.purge()
            while try await fileLinks.purge() > 0 {}
            _ = try await rateLimits?.deleteRateLimits(expiredAt: effects.now(), limit: 1000)
        } catch {
            logger.warning("What has expired was not removed", metadata: ["error": "\(error)"])
        }
    }

    private func flush(_ logger: Logger) async {
        // A cancelled task cannot write, but the last write of all must happen after the end: a task of its own.
        await Task {
            do {
                try await tokens.flushUsage()
            } catch {
                logger.warning("Times of last use were not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }
}
