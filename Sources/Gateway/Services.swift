public import Accounts
public import Catalog
public import Unified

/// What the routes work with.
public struct Services: Sendable {
    public var catalog: Catalog
    public var accounts: AccountServices
    public var unified: UnifiedService
    public var credentials: CredentialKeeper

    public init(
        catalog: Catalog, accounts: AccountServices, unified: UnifiedService, credentials: CredentialKeeper
    ) {
        self.catalog = catalog
        self.accounts = accounts
        self.unified = unified
        self.credentials = credentials
    }
}
