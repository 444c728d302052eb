/// One event on its way to one webhook, and afterwards the log of it.
package struct DeliveryRecord: Sendable, Hashable {
    /// The event's id, which stays the same in all attempts.
    package var id: String
    package var webhookID: String
    package var environmentID: String
    package var event: String
    /// The bytes to be sent, as they are signed.
    package var body: String
    /// `pending`, `delivered` or `failed`.
    package var status: String
    package var attempts: Int64
    /// When it is to be tried, or tried again should the node that has it die; nil when it is over.
    package var nextAttemptAt: Timestamp?
    /// The HTTP status of the last response.
    package var lastStatus: Int64?
    package var lastError: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, webhookID: String, environmentID: String, event: String, body: String, status: String = "pending",
        attempts: Int64 = 0, nextAttemptAt: Timestamp?, lastStatus: Int64? = nil, lastError: String? = nil,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.webhookID = webhookID
        self.environmentID = environmentID
        self.event = event
        self.body = body
        self.status = status
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastStatus = lastStatus
        self.lastError = lastError
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

package enum DeliveryField: String, FilterField {
    case id, event, status
    case webhookID = "webhook_id"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind { self == .createdAt || self == .updatedAt ? .time : .text }
}

extension DeliveryRecord: SQLRecord, ListedRecord {
    static let table = "webhook_deliveries"
    static let columns = [
        "id", "webhook_id", "environment_id", "event", "body", "status", "attempts", "next_attempt_at", "last_status",
        "last_error", "created_at", "updated_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        webhookID = try row.text()
        environmentID = try row.text()
        event = try row.text()
        body = try row.text()
        status = try row.text()
        attempts = try row.integer()
        nextAttemptAt = try row.optionalTime()
        lastStatus = try row.optionalInteger()
        lastError = try row.optionalText()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(webhookID), .text(environmentID), .text(event), .text(body), .text(status),
            .integer(attempts), SQLValue(nextAttemptAt), SQLValue(lastStatus), SQLValue(lastError),
            SQLValue(createdAt), SQLValue(updatedAt),
        ]
    }

    var position: Position { Position(createdAt: createdAt, id: id) }
}
