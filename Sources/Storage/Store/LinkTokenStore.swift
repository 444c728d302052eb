/// Link tokens: each is good for one connection.
package protocol LinkTokenStore: Sendable {
    /// - Throws: `.reference` where the environment does not exist.
    func insertLinkToken(_ token: LinkTokenRecord, sealed: EncryptedChange) async throws(StorageError)
    /// The token of that hash with what it asks for; nil where it was used or has ended.
    func linkToken(hash: String, now: Timestamp) async throws(StorageError) -> Encrypted<LinkTokenRecord>?
    /// Uses the token up; whether it was there to be used. Of many who try one succeeds.
    func useLinkToken(_ id: String, now: Timestamp) async throws(StorageError) -> Bool
    /// Removes at most `limit` tokens that ended before a time, with what they asked for; how many.
    func deleteLinkTokens(endedBefore: Timestamp, limit: Int) async throws(StorageError) -> Int
}

extension SQLStore: LinkTokenStore {
    package func insertLinkToken(_ token: LinkTokenRecord, sealed: EncryptedChange) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(token)
            guard try session.apply(sealed) else { throw StorageError.conflict("the token has secrets already") }
        }
    }

    package func linkToken(
        hash: String, now: Timestamp
    ) async throws(StorageError) -> Encrypted<LinkTokenRecord>? {
        try await engine.read { session in
            let found: LinkTokenRecord? = try session.first(
                where: "hash = \(hash) AND used_at IS NULL AND expires_at > \(now)"
            )
            guard let found else { return nil }
            return Encrypted(record: found, secrets: try session.secrets(of: found.id))
        }
    }

    package func useLinkToken(_ id: String, now: Timestamp) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.run(
                """
                UPDATE link_tokens SET used_at = \(now)
                WHERE id = \(id) AND used_at IS NULL AND expires_at > \(now)
                """) > 0
        }
    }

    package func deleteLinkTokens(endedBefore time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.deleteWithSealed(
                """
                DELETE FROM link_tokens WHERE id IN (
                    SELECT id FROM link_tokens WHERE expires_at < \(time) ORDER BY expires_at LIMIT \(limit)
                ) RETURNING id
                """)
        }
    }
}
