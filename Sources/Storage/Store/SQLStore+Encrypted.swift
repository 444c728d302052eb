extension SQLStore: EncryptedStore {
    package func sealed(_ ownerID: String, field: String) async throws(StorageError) -> EncryptedRecord? {
        try await engine.read { try $0.first(where: "owner_id = \(ownerID) AND field = \(field)") }
    }

    package func replaceSealed(_ record: EncryptedRecord) async throws(StorageError) -> Bool {
        try await engine.write { try $0.swap(record) }
    }

    package func rewrapSealed(
        _ pairs: [(old: EncryptedRecord, new: EncryptedRecord)]
    ) async throws(StorageError) -> Int {
        try await engine.write { session in
            try pairs.reduce(0) { count, pair in
                let (old, new) = pair
                return try count
                    + session.run(
                        """
                        UPDATE sealed_values SET key_id = \(new.keyID), envelope = \(new.envelope)
                        WHERE owner_id = \(old.ownerID) AND field = \(old.field) AND envelope = \(old.envelope)
                        """)
            }
        }
    }

    package func sealed(
        notUnder keyID: String, after: EncryptedRecord?, limit: Int
    ) async throws(StorageError) -> [EncryptedRecord] {
        // Two ranges of the index by key; a single `<>` would read the whole table once few rows are left.
        try await engine.read { session in
            var found: [EncryptedRecord] = []
            for range: SQLStatement in ["key_id < \(keyID)", "key_id > \(keyID)"] where found.count < limit {
                var condition = range
                if let after {
                    condition = """
                        \(condition) AND (key_id, owner_id, field) > (\(after.keyID), \(after.ownerID), \(after.field))
                        """
                }
                found += try session.all(
                    where: "\(condition) ORDER BY key_id, owner_id, field LIMIT \(limit - found.count)"
                )
            }
            return found
        }
    }

    package func sealedKeyIDs() async throws(StorageError) -> [String] {
        // Steps from key to key through the index; DISTINCT would read every row.
        try await engine.read { session in
            try session.rows(
                """
                WITH RECURSIVE keys (id) AS (
                    SELECT MIN(key_id) FROM sealed_values
                    UNION ALL
                    SELECT (SELECT MIN(key_id) FROM sealed_values WHERE key_id > keys.id)
                    FROM keys WHERE keys.id IS NOT NULL
                )
                SELECT id FROM keys WHERE id IS NOT NULL
                """
            ).map { row in
                var row = row
                return try row.text()
            }
        }
    }
}

extension SQLSession {
    /// Writes the ciphertext where the stored one has the version before it, or none is stored and this is the first.
    func swap(_ record: EncryptedRecord) throws -> Bool {
        if record.version == 1 {
            let table = EncryptedRecord.table
            return try run(
                """
                INSERT INTO \(raw: table) (\(raw: EncryptedRecord.columnList)) VALUES (\(list: record.values))
                ON CONFLICT DO NOTHING
                """) > 0
        }
        return try update(
            record,
            where: """
                owner_id = \(record.ownerID) AND field = \(record.field) AND version = \(record.version - 1)
                AND environment_id = \(record.environmentID)
                """
        )
    }

    func apply(_ change: EncryptedChange) throws -> Bool {
        switch change {
        case .keep: true
        case .replace(let record): try swap(record)
        }
    }

    /// Deletes records together with what is sealed for them; how many.
    ///
    /// - Parameter statement: deletes the records, `RETURNING` the id of each.
    func deleteWithSealed(_ statement: SQLStatement) throws -> Int {
        let ids = try rows(statement).map { row in
            var row = row
            return try row.text()
        }
        try deleteSealed(of: ids)
        return ids.count
    }

    func deleteSealed(of ownerIDs: [String]) throws {
        guard !ownerIDs.isEmpty else { return }
        try run("DELETE FROM sealed_values WHERE owner_id IN (\(list: ownerIDs.map(SQLValue.text)))")
    }

    func secrets(of ownerID: String) throws -> EncryptedRecord? {
        try first(where: "owner_id = \(ownerID) AND field = \(EncryptedRecord.secretsField)")
    }
}
