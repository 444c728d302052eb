package import JSON
import Storage

/// Lets a write that its caller named by a key happen once, across nodes and crashes.
package struct IdempotencyService: Sendable {
    typealias Stores = IdempotencyStore & LeaseStore

    /// Seconds that a key is remembered for.
    package static let lifetime: Int64 = 86_400
    let store: any Stores
    let vault: Vault
    let effects: Effects
    /// Seconds after which others see that a node died in a call. Renewed while the call lasts, however long that is.
    var leaseSeconds: Int64 = 30

    /// Who a key belongs to.
    package struct Scope: Sendable, Hashable {
        package var account: String
        package var environment: String
        package var method: String
        package var path: String

        package init(account: String, environment: String, method: String, path: String) {
            self.account = account
            self.environment = environment
            self.method = method
            self.path = path
        }
    }

    /// What a key stands for at this moment.
    package enum Claim: Sendable {
        /// Nobody has used it: the call goes ahead and says how it ended.
        case mine(IdempotentWrite)
        /// The first call with it has not ended.
        case running
        /// A call of several steps with it did some of them: the write goes on from what it kept.
        case unfinished(IdempotentWrite, progress: JSONObject)
        /// A call with it was sent, and nobody knows how it ended.
        case unknown
        case done(fingerprint: String, StoredResponse)
    }

    package func claim(_ key: IdempotencyKey, _ scope: Scope) async throws(AccountsError) -> Claim {
        let name = key.name(account: scope.account, method: scope.method, path: scope.path)
        let owner = effects.uuid()
        let lease = Lease(name: name, owner: owner, seconds: leaseSeconds, leases: store)
        guard try await lease.acquire() else { return .running }
        do throws(AccountsError) {
            let now = effects.now()
            let found = try await stored { () async throws(StorageError) in
                try await store.idempotency(name, now: now)
            }
            guard let found else {
                return .mine(
                    IdempotentWrite(name: name, owner: owner, environment: scope.environment, lease: lease, service: self))
            }
            let place = EncryptionContext.secrets(of: name, environment: scope.environment)
            if found.record.fingerprint == nil, let sealed = found.secrets {
                let progress = try vault.open(sealed, for: place)
                let previous = found.record.owner
                let isMine = try await stored { () async throws(StorageError) in
                    try await store.takeOverIdempotency(name, from: previous, to: owner)
                }
                guard isMine else { throw .inUse("the Idempotency-Key is in use by another call") }
                let write = IdempotentWrite(
                    name: name, owner: owner, environment: scope.environment, lease: lease, service: self,
                    resuming: sealed.version)
                return .unfinished(write, progress: progress)
            }
            await lease.release()
            guard let fingerprint = found.record.fingerprint else { return .unknown }
            guard let response = StoredResponse(json: try vault.open(found.secrets, for: place)) else {
                throw AccountsError.vault(.tampered)
            }
            return .done(fingerprint: fingerprint, response)
        } catch {
            await lease.release()
            throw error
        }
    }

    /// Removes what has expired.
    @discardableResult
    package func purge() async throws(AccountsError) -> Int {
        let now = effects.now()
        return try await stored { () async throws(StorageError) in
            try await store.deleteIdempotency(expiredAt: now, limit: 1000)
        }
    }
}
