package import HTTPTypes
package import JSON
package import Storage

/// An entry of the delivery log.
package struct WebhookDelivery: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable {
        case pending, delivered, failed
    }

    package var id: String
    package var webhookID: String
    package var event: String
    package var status: Status
    package var attempts: Int64
    /// When it is tried next; nil when it is over.
    package var nextAttemptAt: Timestamp?
    /// The HTTP status of the last response.
    package var lastStatus: Int64?
    package var lastError: String?
    /// What was, or is to be, sent.
    package var body: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: DeliveryRecord) {
        id = record.id
        webhookID = record.webhookID
        event = record.event
        status = Status(rawValue: record.status) ?? .pending
        attempts = record.attempts
        nextAttemptAt = record.nextAttemptAt
        lastStatus = record.lastStatus
        lastError = record.lastError
        body = record.body
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// `{id, webhook_id, event, status, attempts, next_attempt_at, last_status, last_error, created_at, updated_at}`.
    package var json: JSONObject {
        [
            "id": .string(id), "webhook_id": .string(webhookID), "event": .string(event),
            "status": .string(status.rawValue), "attempts": .number(JSONNumber(Int(attempts))),
            "next_attempt_at": nextAttemptAt.map { .string($0.text) } ?? .null,
            "last_status": lastStatus.map { .number(JSONNumber(Int($0))) } ?? .null,
            "last_error": lastError.map(JSONValue.string) ?? .null,
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}

/// A POST to a webhook's address, signed and ready.
package struct WebhookRequest: Sendable {
    package var environmentID: String
    package var url: String
    package var headers: HTTPFields
    package var body: [UInt8]
}
