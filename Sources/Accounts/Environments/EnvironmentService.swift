import JSON
package import Storage

/// Makes, lists and names teams and environments.
package struct EnvironmentService: Sendable {
    let store: any EnvironmentStore
    let effects: Effects

    package func createTeam(name: String) async throws(AccountsError) -> Team {
        let now = effects.now()
        let record = TeamRecord(id: effects.uuid(), name: try Self.checked(name), createdAt: now, updatedAt: now)
        try await stored { () async throws(StorageError) in try await store.insertTeam(record) }
        return Team(record)
    }

    package func team(_ id: String) async throws(AccountsError) -> Team {
        guard let record = try await stored({ () async throws(StorageError) in try await store.team(id) }) else {
            throw .notFound("team")
        }
        return Team(record)
    }

    package func teams(cursor: String? = nil, limit: Int = 5000) async throws(AccountsError) -> List<Team> {
        let position = try Cursor.position(cursor)
        let limit = min(max(limit, 1), 5000)
        let page = try await stored { () async throws(StorageError) in
            try await store.teams(limit: limit, after: position)
        }
        return try List(page, limit: limit) { Team($0) }
    }

    /// - Parameter teamID: the owning team; nil makes one of the same name.
    /// - Throws: `.notFound` for an unknown team, `.alreadyExists` where another environment has the name.
    package func create(name: String, teamID: String? = nil) async throws(AccountsError) -> Environment {
        let name = try Self.checked(name)
        // Before a team is made for it; storing it looks again.
        let same = ListQuery<EnvironmentField>(filters: [Filter(.name, .eq, [name])])
        guard try await list(same).result.isEmpty else { throw Self.taken(name) }
        let team: Team
        if let teamID { team = try await self.team(teamID) } else { team = try await createTeam(name: name) }
        let now = effects.now()
        let record = EnvironmentRecord(
            id: effects.uuid(), teamID: team.id, name: name, createdAt: now, updatedAt: now
        )
        let entry = Audit.entry("environment.created", record.id, record.id, ["name": .string(name)], at: now)
        try await named(name) { () async throws(StorageError) in
            try await store.recording(entry).insertEnvironment(record)
        }
        return Environment(record)
    }

    package func get(_ id: String) async throws(AccountsError) -> Environment { Environment(try await record(id)) }

    package func list(
        _ query: ListQuery<EnvironmentField> = ListQuery()
    ) async throws(AccountsError) -> List<Environment> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in try await store.environments(listing) }
        return try List(page, limit: query.limit) { Environment($0) }
    }

    package func rename(_ id: String, to name: String) async throws(AccountsError) -> Environment {
        var record = try await record(id)
        record.name = try Self.checked(name)
        record.updatedAt = effects.now()
        let changed = record
        let entry = Audit.entry("environment.renamed", id, id, ["name": .string(changed.name)], at: changed.updatedAt)
        let isWritten = try await named(name) { () async throws(StorageError) in
            try await store.recording(entry).updateEnvironment(changed)
        }
        guard isWritten else { throw .notFound("environment") }
        return Environment(changed)
    }

    /// Deletes an environment with its tokens, installations, webhooks, and accounts if those are to go with it.
    ///
    /// - Throws: `.inUse` while it has accounts that are not to go; `.notFound`.
    package func delete(_ id: String, withAccounts: Bool) async throws(AccountsError) {
        let entry = Audit.entry("environment.deleted", id, id, at: effects.now())
        let isDeleted: Bool
        do {
            isDeleted = try await store.recording(entry).deleteEnvironment(id, withAccounts: withAccounts)
        } catch {
            throw error.code == .reference ? .inUse("the environment has accounts") : .storage(error)
        }
        guard isDeleted else { throw .notFound("environment") }
    }

    /// Stores an environment under a name that must be its own.
    private func named<Value>(
        _ name: String, _ body: () async throws(StorageError) -> Value
    ) async throws(AccountsError) -> Value {
        do { return try await body() } catch {
            throw error.code == .conflict ? Self.taken(name) : .storage(error)
        }
    }

    private static func taken(_ name: String) -> AccountsError {
        .alreadyExists("there is an environment \"\(name)\" already")
    }

    private func record(_ id: String) async throws(AccountsError) -> EnvironmentRecord {
        guard let record = try await stored({ () async throws(StorageError) in try await store.environment(id) }) else {
            throw .notFound("environment")
        }
        return record
    }

    static func checked(_ name: String) throws(AccountsError) -> String {
        guard (1...255).contains(name.unicodeScalars.count) else {
            throw .invalid("name", "name must have 1 to 255 characters")
        }
        return name
    }
}
