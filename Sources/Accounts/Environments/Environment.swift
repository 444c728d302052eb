package import JSON
package import Storage

/// A company or group that owns environments.
package struct Team: Sendable, Hashable {
    package var id: String
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: TeamRecord) {
        id = record.id
        name = record.name
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// `{id, name, created_at, updated_at}`.
    package var json: JSONObject {
        [
            "id": .string(id), "name": .string(name), "created_at": .string(createdAt.text),
            "updated_at": .string(updatedAt.text),
        ]
    }
}

/// A separate world of tokens, accounts and overrides.
package struct Environment: Sendable, Hashable {
    package var id: String
    package var teamID: String
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: EnvironmentRecord) {
        id = record.id
        teamID = record.teamID
        name = record.name
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// `{id, name, team_id, created_at, updated_at}`.
    package var json: JSONObject {
        [
            "id": .string(id), "name": .string(name), "team_id": .string(teamID),
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}
