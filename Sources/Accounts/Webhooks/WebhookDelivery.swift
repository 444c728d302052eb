public import JSON
public import Storage

/// An entry of the delivery log.
public struct WebhookDelivery: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case pending, delivered, failed
    }

    public var id: String
    public var webhookID: String
    public var event: String
    public var status: Status
    public var attempts: Int64
    /// When it is tried next; nil when it is over.
    public var nextAttemptAt: Timestamp?
    /// The HTTP status of the last response.
    public var lastStatus: Int64?
    public var lastError: String?
    /// What was, or is to be, sent.
    public var body: String
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

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
    public var json: JSONObject {
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
public struct WebhookRequest: Sendable {
    public var environmentID: String
    public var url: String
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
}
