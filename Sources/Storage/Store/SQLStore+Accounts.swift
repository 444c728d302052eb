extension SQLStore: AccountStore {
    public func insertAccount(_ account: AccountRecord, sealed: SealedChange) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(account)
            guard try session.apply(sealed) else { throw StorageError.conflict("the account has secrets already") }
        }
    }

    public func account(_ id: String, environment: String) async throws(StorageError) -> Sealed<AccountRecord>? {
        try await engine.read { session in
            guard
                let account: AccountRecord = try session.first(
                    where: "id = \(id) AND environment_id = \(environment)"
                )
            else { return nil }
            return Sealed(record: account, secrets: try session.secrets(of: id))
        }
    }

    public func accounts(
        _ listing: Listing<AccountField>, environment: String
    ) async throws(StorageError) -> Page<AccountRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    public func updateAccount(_ account: AccountRecord, sealed: SealedChange) async throws(StorageError) -> Bool {
        do {
            try await engine.write { session in
                let condition: SQLStatement = """
                    id = \(account.id) AND environment_id = \(account.environmentID)
                    AND version = \(account.version - 1)
                    """
                guard try session.update(account, where: condition), try session.apply(sealed) else {
                    throw StorageError.stale
                }
            }
            return true
        } catch .stale {
            return false
        }
    }

    public func deleteAccounts(_ ids: [String], environment: String) async throws(StorageError) -> [String] {
        guard !ids.isEmpty else { return [] }
        return try await engine.write { session in
            let ids = ids.map(SQLValue.text)
            return try session.deleteAccounts(where: "environment_id = \(environment) AND id IN (\(list: ids))")
        }
    }

    public func deleteAccounts(tenant: String, environment: String) async throws(StorageError) -> [String] {
        try await engine.write {
            try $0.deleteAccounts(where: "environment_id = \(environment) AND tenant_id = \(tenant)")
        }
    }
}

extension SQLSession {
    fileprivate func deleteAccounts(where condition: SQLStatement) throws -> [String] {
        let ids = try rows("DELETE FROM integrated_accounts WHERE \(condition) RETURNING id").map { row in
            var row = row
            return try row.text()
        }
        // In pieces: engines limit the parameters of one statement.
        for start in stride(from: 0, to: ids.count, by: 1000) {
            try deleteSealed(of: Array(ids[start..<min(start + 1000, ids.count)]))
        }
        return ids
    }
}

extension StorageError {
    /// Ends a transaction whose compare-and-swap met another version; callers never see it.
    static let stale = StorageError(.conflict, "the row has changed meanwhile")
}
