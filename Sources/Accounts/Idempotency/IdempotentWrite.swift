package import JSON
import Storage
import Synchronization

/// A write that holds its key. Whoever has one says when it sends, and at last how it ended.
package final class IdempotentWrite: Sendable {
    private let name: String
    private let owner: String
    private let environment: String
    let lease: Lease
    private let service: IdempotencyService
    private let machine = Mutex(IdempotencyMachine())
    /// Of the ciphertext that is stored; 0 for none.
    private let version: Mutex<Int64>

    init(name: String, owner: String, environment: String, lease: Lease, service: IdempotencyService, resuming version: Int64 = 0) {
        self.name = name
        self.owner = owner
        self.environment = environment
        self.lease = lease
        self.service = service
        self.version = Mutex(version)
        if version > 0 { machine.withLock { $0.resumes() } }
    }

    /// Keeps what a call of several steps has done so far, encrypted, for as long as the key is remembered.
    ///
    /// - Throws: `.inUse` where another has the key after all.
    package func keepProgress(_ progress: JSONObject) async throws(AccountsError) {
        _ = machine.withLock { $0.sends() }
        let record = record(fingerprint: nil)
        let next = version.withLock { $0 } + 1
        let place = EncryptionContext.secrets(of: name, environment: environment)
        let sealed = try service.vault.seal(progress, for: place, version: next, at: record.createdAt)
        let isOwn = try await stored { () async throws(StorageError) in
            try await service.store.keepIdempotencyProgress(record, progress: sealed)
        }
        guard isOwn else { throw .inUse("the Idempotency-Key is in use by another call") }
        version.withLock { $0 = next }
    }

    /// To be called, and waited for, before a request leaves.
    ///
    /// - Throws: `.inUse` where another has the key after all, as after a pause longer than the lease: nothing may be
    ///   sent then.
    package func sends() async throws(AccountsError) {
        guard machine.withLock({ $0.sends() }) else { return }
        let record = record(fingerprint: nil)
        let isFirst = try await stored { () async throws(StorageError) in
            try await service.store.beginIdempotency(record)
        }
        guard isFirst else { throw .inUse("the Idempotency-Key is in use by another call") }
    }

    /// Notes how the call ended and lets go of the key.
    ///
    /// - Parameter fingerprint: nil where the body was not read to its end.
    /// - Throws: where the response cannot be stored; the key then says that the outcome is unknown.
    package func ended(
        _ ending: IdempotencyMachine.Ending, fingerprint: String?, response: StoredResponse? = nil
    ) async throws(AccountsError) {
        let (wasSending, action) = machine.withLock { machine in
            (machine.state == .sending, machine.ended(ending, bodyIsWhole: fingerprint != nil))
        }
        do {
            switch action {
            case .keepResponse:
                if let fingerprint, let response { try await keep(response, fingerprint) }
            case .forget:
                if wasSending {
                    try await stored { () async throws(StorageError) in
                        try await service.store.forgetIdempotency(name, owner: owner)
                    }
                }
            case .leaveUnknown: break
            }
        } catch {
            await lease.release()
            throw error
        }
        await lease.release()
    }

    private func keep(_ response: StoredResponse, _ fingerprint: String) async throws(AccountsError) {
        var response = response
        if response.body?.count ?? 0 > StoredResponse.largestBody { response.body = nil }
        let record = record(fingerprint: fingerprint)
        let place = EncryptionContext.secrets(of: name, environment: environment)
        let sealed = try service.vault.seal(response.json, for: place, version: version.withLock { $0 } + 1, at: record.createdAt)
        _ = try await stored { () async throws(StorageError) in
            try await service.store.endIdempotency(record, response: sealed)
        }
    }

    private func record(fingerprint: String?) -> IdempotencyRecord {
        let now = service.effects.now()
        return IdempotencyRecord(
            name: name, environmentID: environment, owner: owner, fingerprint: fingerprint,
            expiresAt: now.adding(seconds: IdempotencyService.lifetime), createdAt: now
        )
    }
}
