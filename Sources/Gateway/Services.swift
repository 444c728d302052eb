package import Accounts
package import Catalog
package import Logging
package import Unified
package import Upstream

/// What the routes work with.
package struct Services: Sendable {
    package let catalog: Catalog
    package let accounts: AccountServices
    package let unified: UnifiedService
    package let credentials: CredentialManager
    /// What the nodes count calls with together; nil where this one is alone.
    let sharedBuckets: SharedBuckets?
    /// Notes each call that has ended.
    let observer: CallObserver

    /// Where vendors reach the gateway for files.
    package var publicAddress: PublicAddress { unified.publicAddress }

    /// - Parameter patience: how long a call waits for the database to count it before its node counts alone.
    package init(
        catalog: Catalog, accounts: AccountServices, upstream: Upstream, credentials: CredentialManager,
        limits: UnifiedService.Limits = UnifiedService.Limits(), logger: Logger, patience: Duration = .milliseconds(500),
        observer: CallObserver? = nil
    ) {
        self.catalog = catalog
        self.accounts = accounts
        self.credentials = credentials
        self.observer = observer ?? CallObserver(accounts.callLog)
        sharedBuckets = accounts.rateLimits.map {
            SharedBuckets(store: StoredGCRABuckets($0), logger: logger, patience: patience)
        }
        unified = UnifiedService(
            catalog: catalog, upstream: upstream, credentials: credentials, limits: limits, sharedBuckets: sharedBuckets,
            fileLinks: accounts.fileLinks)
    }
}
