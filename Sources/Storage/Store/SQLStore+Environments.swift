extension SQLStore: EnvironmentStore {
    package func insertTeam(_ team: TeamRecord) async throws(StorageError) {
        try await engine.write { try $0.insert(team) }
    }

    package func team(_ id: String) async throws(StorageError) -> TeamRecord? {
        try await engine.read { try $0.first(where: "id = \(id)") }
    }

    package func teams(limit: Int, after: Position?) async throws(StorageError) -> Page<TeamRecord> {
        let listing = Listing<EnvironmentField>(after: after, limit: limit)
        return try await engine.read { try $0.page(listing, where: "1 = 1") }
    }

    package func insertEnvironment(_ environment: EnvironmentRecord) async throws(StorageError) {
        try await engine.write { session in
            try session.claimName(of: environment)
            try session.insert(environment)
        }
    }

    package func environment(_ id: String) async throws(StorageError) -> EnvironmentRecord? {
        try await engine.read { try $0.first(where: "id = \(id)") }
    }

    package func environments(
        _ listing: Listing<EnvironmentField>
    ) async throws(StorageError) -> Page<EnvironmentRecord> {
        try await engine.read { try $0.page(listing, where: "1 = 1") }
    }

    package func updateEnvironment(_ environment: EnvironmentRecord) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.claimName(of: environment)
            return try session.update(environment, where: "id = \(environment.id)")
        }
    }

    package func deleteEnvironment(_ id: String, withAccounts: Bool) async throws(StorageError) -> Bool {
        try await engine.write { session in
            if withAccounts {
                try session.run("DELETE FROM integrated_accounts WHERE environment_id = \(id)")
            } else {
                let accounts = try session.rows("SELECT id FROM integrated_accounts WHERE environment_id = \(id) LIMIT 1")
                guard accounts.isEmpty else { throw StorageError.reference }
            }
            return try session.run("DELETE FROM environments WHERE id = \(id)") > 0
        }
    }
}

extension SQLSession {
    /// Keeps names unique. No index does it: databases exist in which they are not.
    ///
    /// Two transactions that each saw no such name could both write it. The row of the step that made the table is
    /// always there, and changing it makes the second wait for the first.
    fileprivate func claimName(of environment: EnvironmentRecord) throws {
        try run("UPDATE migrations SET taken_at = taken_at WHERE id = \(Migration.environments.id)")
        let others = try rows("SELECT id FROM environments WHERE name = \(environment.name) AND id <> \(environment.id)")
        guard others.isEmpty else { throw StorageError.conflict("another environment has that name") }
    }
}
