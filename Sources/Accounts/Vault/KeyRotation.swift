package import Storage

/// Puts every ciphertext under the current key, beside whatever else goes on.
///
/// Each is replaced only while it is still stored as it was read, so a write in between wins and is met again. A run
/// that was broken off is taken up by the next, which finds only what is left.
package struct KeyRotation: Sendable {
    package struct Progress: Sendable, Hashable {
        /// Ciphertexts put under the current key by this run.
        package var rewrapped = 0
        /// Those that do not open, by the row they belong to: they were changed, or moved from another row.
        package var damaged: [String] = []
    }

    private let store: any EncryptedStore
    private let vault: Vault

    package init(store: any EncryptedStore, vault: Vault) {
        self.store = store
        self.vault = vault
    }

    /// - Parameters:
    ///   - batch: ciphertexts of one transaction; writers wait for its end.
    ///   - progress: told after each batch.
    /// - Throws: `.vault` naming the key where one that is needed is missing. Cancellation ends it after a batch.
    @discardableResult
    package func run(
        batch: Int = 100, progress: @Sendable (Progress) async -> Void = { _ in }
    ) async throws(AccountsError) -> Progress {
        let needed = try await stored { () async throws(StorageError) in try await store.sealedKeyIDs() }
        do { try vault.checkKeys(needed) } catch { throw .vault(error) }
        var result = Progress()
        // What others wrote under an old key meanwhile is left for another pass; a node that still runs with the old
        // ring writes more of it, so the passes end with the first that finds nothing to do.
        while true {
            let before = result.rewrapped
            result.damaged = []
            var last: EncryptedRecord?
            while !Task.isCancelled {
                let found = try await stored { [last] () async throws(StorageError) in
                    try await store.sealed(notUnder: vault.currentKeyID, after: last, limit: batch)
                }
                guard !found.isEmpty else { break }
                last = found.last
                try await rewrap(found, &result)
                await progress(result)
            }
            if result.rewrapped == before || Task.isCancelled { return result }
        }
    }

    private func rewrap(_ records: [EncryptedRecord], _ result: inout Progress) async throws(AccountsError) {
        var pairs: [(old: EncryptedRecord, new: EncryptedRecord)] = []
        for old in records {
            let place = EncryptionContext(environmentID: old.environmentID, ownerID: old.ownerID, field: old.field)
            do {
                var new = old
                (new.keyID, new.envelope) = try vault.seal(try vault.open(old.envelope, for: place), for: place)
                pairs.append((old, new))
            } catch {
                guard error.code == .tampered else { throw .vault(error) }
                result.damaged.append(old.ownerID)
            }
        }
        let ready = pairs
        result.rewrapped += try await stored { () async throws(StorageError) in try await store.rewrapSealed(ready) }
    }
}
