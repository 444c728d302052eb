extension SQLStore: AccountStore {
    package func insertAccount(_ account: AccountRecord, sealed: EncryptedChange) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(account)
            guard try session.apply(sealed) else { throw StorageError.conflict("the account has secrets already") }
            try announce([account], environment: account.environmentID, in: session)
        }
    }

    package func account(_ id: String, environment: String) async throws(StorageError) -> Encrypted<AccountRecord>? {
        try await engine.read { session in
            guard
                let account: AccountRecord = try session.first(
                    where: "id = \(id) AND environment_id = \(environment)"
                )
            else { return nil }
            return Encrypted(record: account, secrets: try session.secrets(of: id))
        }
    }

    package func accounts(
        _ listing: Listing<AccountField>, environment: String
    ) async throws(StorageError) -> Page<AccountRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    package func updateAccount(_ account: AccountRecord, sealed: EncryptedChange) async throws(StorageError) -> Bool {
        do {
            try await engine.write { session in
                let condition: SQLStatement = """
                    id = \(account.id) AND environment_id = \(account.environmentID)
                    AND version = \(account.version - 1)
                    """
                guard try session.update(account, where: condition), try session.apply(sealed) else {
                    throw StorageError.stale
                }
                try announce([account], environment: account.environmentID, in: session)
            }
            return true
        } catch .stale {
            return false
        }
    }

    package func deleteAccounts(_ ids: [String], environment: String) async throws(StorageError) -> [String] {
        guard !ids.isEmpty else { return [] }
        return try await engine.write { session in
            let ids = ids.map(SQLValue.text)
            return try deleteAccounts(where: "id IN (\(list: ids))", environment, in: session)
        }
    }

    package func deleteAccounts(tenant: String, environment: String) async throws(StorageError) -> [String] {
        try await engine.write { try deleteAccounts(where: "tenant_id = \(tenant)", environment, in: $0) }
    }

    private func deleteAccounts(
        where condition: SQLStatement, _ environment: String, in session: any SQLSession
    ) throws -> [String] {
        let deleted = try session.rows(
            """
            DELETE FROM integrated_accounts WHERE environment_id = \(environment) AND \(condition)
            RETURNING \(raw: AccountRecord.columnList)
            """
        ).map { row in
            var row = row
            return try AccountRecord(row: &row)
        }
        try announce(deleted, environment: environment, in: session)
        let ids = deleted.map(\.id)
        // In pieces: engines limit the parameters of one statement.
        for start in stride(from: 0, to: ids.count, by: 1000) {
            try session.deleteSealed(of: Array(ids[start..<min(start + 1000, ids.count)]))
        }
        return ids
    }
}

extension StorageError {
    /// Ends a transaction whose compare-and-swap met another version; callers never see it.
    static let stale = StorageError(.conflict, "the row has changed meanwhile")
}
