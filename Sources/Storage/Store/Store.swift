/// Everything the program keeps. Each call is one transaction; an acknowledged write survives the process.
///
/// Rows of an environment are always asked for together with its id: a row of another environment is not found.
package protocol Store: EnvironmentStore, TokenStore, InstallationStore, AccountStore, EncryptedStore, LeaseStore,
    LinkTokenStore, AuditStore, WebhookStore, IdempotencyStore, RateLimitStore, CallLogStore, FileLinkStore, ExchangeStore
{
    /// Returns once the database has answered.
    func ping() async throws(StorageError)
    /// Ends all connections; later calls fail.
    func close() throws(StorageError)
}

/// Teams and their environments.
package protocol EnvironmentStore: AuditedStore {
    func insertTeam(_ team: TeamRecord) async throws(StorageError)
    func team(_ id: String) async throws(StorageError) -> TeamRecord?
    func teams(limit: Int, after: Position?) async throws(StorageError) -> Page<TeamRecord>

    /// - Throws: `.reference` where the team does not exist, `.conflict` where another environment has the name.
    func insertEnvironment(_ environment: EnvironmentRecord) async throws(StorageError)
    func environment(_ id: String) async throws(StorageError) -> EnvironmentRecord?
    func environments(_ listing: Listing<EnvironmentField>) async throws(StorageError) -> Page<EnvironmentRecord>
    /// Whether there was such a row.
    ///
    /// - Throws: `.conflict` where another environment has the name.
    func updateEnvironment(_ environment: EnvironmentRecord) async throws(StorageError) -> Bool
    /// Deletes an environment with all that is in it; whether there was one.
    ///
    /// - Throws: `.reference` while it has accounts, unless they are to go with it.
    func deleteEnvironment(_ id: String, withAccounts: Bool) async throws(StorageError) -> Bool
}

/// API tokens. Revoked ones stay in the table, but only `revokeToken` and the hash of a new one ever meet them.
package protocol TokenStore: AuditedStore {
    func insertToken(_ token: TokenRecord) async throws(StorageError)
    /// The token of that hash, unless it is revoked.
    func token(hash: String) async throws(StorageError) -> TokenRecord?
    func token(_ id: String, environment: String) async throws(StorageError) -> TokenRecord?
    func tokens(_ listing: Listing<TokenField>, environment: String) async throws(StorageError) -> Page<TokenRecord>
    /// The token as it was; nil where it does not exist or is revoked already.
    func revokeToken(_ id: String, environment: String, at: Timestamp) async throws(StorageError) -> TokenRecord?
    /// Moves `last_used_at` forward, never back.
    func touchTokens(_ lastUsed: [String: Timestamp]) async throws(StorageError)
}

/// What environments install from the catalog.
package protocol InstallationStore: AuditedStore {
    /// - Throws: `.conflict` where the integration is installed already.
    func insertEnvironmentIntegration(
        _ record: EnvironmentIntegrationRecord, sealed: EncryptedChange
    ) async throws(StorageError)
    func environmentIntegration(
        _ id: String, environment: String
    ) async throws(StorageError) -> Encrypted<EnvironmentIntegrationRecord>?
    func environmentIntegration(
        named integration: String, environment: String
    ) async throws(StorageError) -> Encrypted<EnvironmentIntegrationRecord>?
    func environmentIntegrations(
        _ listing: Listing<EnvironmentIntegrationField>, environment: String
    ) async throws(StorageError) -> Page<EnvironmentIntegrationRecord>
    /// Writes the record where the stored one has the version before it; whether it did.
    func updateEnvironmentIntegration(
        _ record: EnvironmentIntegrationRecord, sealed: EncryptedChange
    ) async throws(StorageError) -> Bool
    /// - Throws: `.reference` while accounts use it.
    func deleteEnvironmentIntegration(_ id: String, environment: String) async throws(StorageError) -> Bool

    /// - Throws: `.conflict` where the model is installed already.
    func insertEnvironmentUnifiedModel(_ record: EnvironmentUnifiedModelRecord) async throws(StorageError)
    func environmentUnifiedModel(
        _ id: String, environment: String
    ) async throws(StorageError) -> EnvironmentUnifiedModelRecord?
    func environmentUnifiedModel(
        named model: String, environment: String
    ) async throws(StorageError) -> EnvironmentUnifiedModelRecord?
    func environmentUnifiedModels(
        _ listing: Listing<EnvironmentUnifiedModelField>, environment: String
    ) async throws(StorageError) -> Page<EnvironmentUnifiedModelRecord>
    /// Writes the record where the stored one has the version before it; whether it did.
    func updateEnvironmentUnifiedModel(
        _ record: EnvironmentUnifiedModelRecord
    ) async throws(StorageError) -> Bool
    func deleteEnvironmentUnifiedModel(_ id: String, environment: String) async throws(StorageError) -> Bool
}

/// Integrated accounts.
package protocol AccountStore: AuditedStore {
    /// The same store, whose next writes of accounts tell webhooks of them, in their own transaction. A write that changes
    /// nothing tells nothing.
    func announcing(_ announcement: OutboxEvent?) -> Self
    /// - Throws: `.reference` where the environment integration does not exist.
    func insertAccount(_ account: AccountRecord, sealed: EncryptedChange) async throws(StorageError)
    func account(_ id: String, environment: String) async throws(StorageError) -> Encrypted<AccountRecord>?
    func accounts(
        _ listing: Listing<AccountField>, environment: String
    ) async throws(StorageError) -> Page<AccountRecord>
    /// Writes both where the stored ones have the versions before theirs; whether it did. All or nothing.
    func updateAccount(_ account: AccountRecord, sealed: EncryptedChange) async throws(StorageError) -> Bool
    /// The ids that were there.
    func deleteAccounts(_ ids: [String], environment: String) async throws(StorageError) -> [String]
    /// The ids of the accounts of that tenant, all deleted.
    func deleteAccounts(tenant: String, environment: String) async throws(StorageError) -> [String]
}

/// The ciphertexts, whatever row they belong to.
package protocol EncryptedStore: Sendable {
    func sealed(_ ownerID: String, field: String) async throws(StorageError) -> EncryptedRecord?
    /// Compare and swap: writes the record where the stored one has the version before it; whether it did.
    func replaceSealed(_ record: EncryptedRecord) async throws(StorageError) -> Bool
    /// Puts the same plain texts under another key where those of `old` are still stored as they are, in one
    /// transaction; how many.
    func rewrapSealed(_ pairs: [(old: EncryptedRecord, new: EncryptedRecord)]) async throws(StorageError) -> Int
    /// Ciphertexts that need another key than `keyID`, in the order of key, owner and field, from behind `after` on.
    func sealed(
        notUnder keyID: String, after: EncryptedRecord?, limit: Int
    ) async throws(StorageError) -> [EncryptedRecord]
    /// The ids of all keys that some ciphertext needs; fast however many there are.
    func sealedKeyIDs() async throws(StorageError) -> [String]
}

/// A record and the ciphertext beside it, read on one snapshot.
package struct Encrypted<Record: Sendable & Hashable>: Sendable, Hashable {
    package var record: Record
    package var secrets: EncryptedRecord?

    package init(record: Record, secrets: EncryptedRecord?) {
        self.record = record
        self.secrets = secrets
    }
}

extension EncryptedRecord {
    /// The field of the one ciphertext that is read and written together with its row.
    package static let secretsField = "secrets"
}
