/// What became of writes that callers named by a key.
package protocol IdempotencyStore: Sendable {
    /// The record with its response, where it has one; expired ones are nothing.
    func idempotency(_ name: String, now: Timestamp) async throws(StorageError) -> Encrypted<IdempotencyRecord>?
    /// Notes that a write is about to be sent, in place of an expired record; whether no other note was there.
    func beginIdempotency(_ record: IdempotencyRecord) async throws(StorageError) -> Bool
    /// Adds fingerprint and response to the owner's own record; whether it was there.
    func endIdempotency(_ record: IdempotencyRecord, response: EncryptedRecord) async throws(StorageError) -> Bool
    /// Puts what the owner's call has done so far beside its record, which is made with the first; whether the record is
    /// its own, and open.
    func keepIdempotencyProgress(_ record: IdempotencyRecord, progress: EncryptedRecord) async throws(StorageError) -> Bool
    /// Makes an open record another owner's; whether it was still the first one's.
    func takeOverIdempotency(_ name: String, from: String, to: String) async throws(StorageError) -> Bool
    /// Removes the owner's own record, as if nothing had been sent.
    func forgetIdempotency(_ name: String, owner: String) async throws(StorageError)
    /// Removes expired records with their responses; how many.
    func deleteIdempotency(expiredAt: Timestamp, limit: Int) async throws(StorageError) -> Int
}

extension SQLStore: IdempotencyStore {
    package func idempotency(
        _ name: String, now: Timestamp
    ) async throws(StorageError) -> Encrypted<IdempotencyRecord>? {
        try await engine.read { session in
            guard let found: IdempotencyRecord = try session.first(where: "name = \(name) AND expires_at > \(now)")
            else { return nil }
            return Encrypted(record: found, secrets: try session.secrets(of: name))
        }
    }

    package func beginIdempotency(_ record: IdempotencyRecord) async throws(StorageError) -> Bool {
        try await engine.write { session in try session.insertIdempotency(record) }
    }

    package func endIdempotency(
        _ record: IdempotencyRecord, response: EncryptedRecord
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            let isOwn =
                try session.run(
                    """
                    UPDATE idempotency SET fingerprint = \(record.fingerprint), expires_at = \(record.expiresAt)
                    WHERE name = \(record.name) AND owner = \(record.owner) AND fingerprint IS NULL
                    """) > 0
            guard isOwn else { return false }
            guard try session.apply(.replace(response)) else { throw StorageError.conflict("there is a response already") }
            return true
        }
    }

    package func keepIdempotencyProgress(
        _ record: IdempotencyRecord, progress: EncryptedRecord
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            // One transaction with the first progress: a record without any stands for a call that cannot be resumed.
            try session.insertIdempotency(record)
            let isOwn =
                try session.run(
                    """
                    UPDATE idempotency SET expires_at = \(record.expiresAt)
                    WHERE name = \(record.name) AND owner = \(record.owner) AND fingerprint IS NULL
                    """) > 0
            guard isOwn else { return false }
            return try session.apply(.replace(progress))
        }
    }

    package func takeOverIdempotency(_ name: String, from: String, to: String) async throws(StorageError) -> Bool {
        try await engine.write {
            try $0.run(
                """
                UPDATE idempotency SET owner = \(to) WHERE name = \(name) AND owner = \(from) AND fingerprint IS NULL
                """) > 0
        }
    }

    package func forgetIdempotency(_ name: String, owner: String) async throws(StorageError) {
        _ = try await engine.write {
            try $0.run("DELETE FROM idempotency WHERE name = \(name) AND owner = \(owner) AND fingerprint IS NULL")
        }
    }

    package func deleteIdempotency(expiredAt time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.deleteWithSealed(
                """
                DELETE FROM idempotency WHERE name IN (
                    SELECT name FROM idempotency WHERE expires_at <= \(time) ORDER BY expires_at LIMIT \(limit)
                ) RETURNING name
                """)
        }
    }
}

extension SQLSession {
    /// Adds a record in place of an expired one; whether no other was there.
    @discardableResult
    fileprivate func insertIdempotency(_ record: IdempotencyRecord) throws -> Bool {
        let expired = try run(
            "DELETE FROM idempotency WHERE name = \(record.name) AND expires_at <= \(record.createdAt)"
        )
        if expired > 0 { try deleteSealed(of: [record.name]) }
        return try run(
            """
            INSERT INTO idempotency (name, environment_id, owner, expires_at, created_at)
            VALUES (\(record.name), \(record.environmentID), \(record.owner), \(record.expiresAt), \(record.createdAt))
            ON CONFLICT (name) DO NOTHING
            """) > 0
    }
}
