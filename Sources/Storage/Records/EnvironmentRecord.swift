/// A company or group that owns environments.
package struct TeamRecord: Sendable, Hashable {
    package var id: String
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(id: String, name: String, createdAt: Timestamp, updatedAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A separate world of tokens, accounts and overrides, such as "production" or "staging".
package struct EnvironmentRecord: Sendable, Hashable {
    package var id: String
    package var teamID: String
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(id: String, teamID: String, name: String, createdAt: Timestamp, updatedAt: Timestamp) {
        self.id = id
        self.teamID = teamID
        self.name = name
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension TeamRecord: SQLRecord {
    static let table = "teams"
    static let columns = ["id", "name", "created_at", "updated_at"]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        name = try row.text()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] { [.text(id), .text(name), SQLValue(createdAt), SQLValue(updatedAt)] }
}

extension EnvironmentRecord: SQLRecord {
    static let table = "environments"
    static let columns = ["id", "team_id", "name", "created_at", "updated_at"]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        teamID = try row.text()
        name = try row.text()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [.text(id), .text(teamID), .text(name), SQLValue(createdAt), SQLValue(updatedAt)]
    }
}
