public import JSON
public import Storage

/// A company or group that owns environments.
public struct Team: Sendable, Hashable {
    public var id: String
    public var name: String
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    init(_ record: TeamRecord) {
        id = record.id
        name = record.name
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// `{id, name, created_at, updated_at}`.
    public var json: JSONObject {
        [
            "id": .string(id), "name": .string(name), "created_at": .string(createdAt.text),
            "updated_at": .string(updatedAt.text),
        ]
    }
}

/// A separate world of tokens, accounts and overrides.
public struct Environment: Sendable, Hashable {
    public var id: String
    public var teamID: String
    public var name: String
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    init(_ record: EnvironmentRecord) {
        id = record.id
        teamID = record.teamID
        name = record.name
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// `{id, name, team_id, created_at, updated_at}`.
    public var json: JSONObject {
        [
            "id": .string(id), "name": .string(name), "team_id": .string(teamID),
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}
