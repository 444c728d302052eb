extension SQLStore: EnvironmentStore {
    public func insertTeam(_ team: TeamRecord) async throws(StorageError) {
        try await engine.write { try $0.insert(team) }
    }

    public func team(_ id: String) async throws(StorageError) -> TeamRecord? {
        try await engine.read { try $0.first(where: "id = \(id)") }
    }

    public func teams(limit: Int, after: Position?) async throws(StorageError) -> Page<TeamRecord> {
        let listing = Listing<EnvironmentField>(after: after, limit: limit)
        return try await engine.read { try $0.page(listing, where: "1 = 1") }
    }

    public func insertEnvironment(_ environment: EnvironmentRecord) async throws(StorageError) {
        try await engine.write { try $0.insert(environment) }
    }

    public func environment(_ id: String) async throws(StorageError) -> EnvironmentRecord? {
        try await engine.read { try $0.first(where: "id = \(id)") }
    }

    public func environments(
        _ listing: Listing<EnvironmentField>
    ) async throws(StorageError) -> Page<EnvironmentRecord> {
        try await engine.read { try $0.page(listing, where: "1 = 1") }
    }

    public func updateEnvironment(_ environment: EnvironmentRecord) async throws(StorageError) -> Bool {
        try await engine.write { try $0.update(environment, where: "id = \(environment.id)") }
    }
}
