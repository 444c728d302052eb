/// Where an environment wants to be told of events. The signing secret is a `EncryptedRecord` beside it.
package struct WebhookRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var targetURL: String
    /// JSON array; empty for all events.
    package var eventTypes: String
    package var isActive: Bool
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, environmentID: String, targetURL: String, eventTypes: String, isActive: Bool,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.targetURL = targetURL
        self.eventTypes = eventTypes
        self.isActive = isActive
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

package enum WebhookField: String, FilterField {
    case id
    case targetURL = "target_url"
    case isActive = "is_active"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind {
        switch self {
        case .id, .targetURL: .text
        case .isActive: .flag
        case .createdAt, .updatedAt: .time
        }
    }
}

extension WebhookRecord: SQLRecord, ListedRecord {
    static let table = "webhooks"
    static let columns = [
        "id", "environment_id", "target_url", "event_types", "is_active", "created_at", "updated_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        targetURL = try row.text()
        eventTypes = try row.text()
        isActive = try row.flag()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(targetURL), .text(eventTypes), SQLValue(isActive),
            SQLValue(createdAt), SQLValue(updatedAt),
        ]
    }

    var position: Position { Position(createdAt: createdAt, id: id) }
}
