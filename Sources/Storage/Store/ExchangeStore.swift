/// What failed calls keep for support: ciphertexts under `EncryptedRecord.exchangeField`, each owned by a request.
package protocol ExchangeStore: EncryptedStore {
    /// Removes some of those from before a time, and the oldest beyond so many; how many.
    func deleteExchanges(before: Timestamp, beyond most: Int, limit: Int) async throws(StorageError) -> Int
}

extension EncryptedRecord {
    /// The field of what a failed call keeps. Migration 0014 names it, too.
    package static let exchangeField = "exchange"
}

extension SQLStore: ExchangeStore {
    // The field is a literal: only so is the index of 0014 found.
    package func deleteExchanges(before time: Timestamp, beyond most: Int, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            let old = try session.run(
                """
                DELETE FROM sealed_values WHERE field = 'exchange' AND owner_id IN (
                    SELECT owner_id FROM sealed_values WHERE field = 'exchange' AND updated_at < \(time)
                    ORDER BY updated_at LIMIT \(limit)
                )
                """)
            guard var row = try session.rows("SELECT COUNT(*) FROM sealed_values WHERE field = 'exchange'").first else { return old }
            let excess = Int(try row.integer()) - most
            guard excess > 0 else { return old }
            return try old
                + session.run(
                    """
                    DELETE FROM sealed_values WHERE field = 'exchange' AND owner_id IN (
                        SELECT owner_id FROM sealed_values WHERE field = 'exchange'
                        ORDER BY updated_at LIMIT \(min(excess, limit))
                    )
                    """)
        }
    }
}
