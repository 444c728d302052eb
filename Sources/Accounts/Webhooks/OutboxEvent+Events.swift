import JSON
import Storage

extension OutboxEvent {
    /// Tells the webhooks that want them of events, with the account as it may be shown; nil for no events.
    init?(_ events: [AccountEvent.Kind], at time: Timestamp, effects: Effects) {
        guard !events.isEmpty else { return nil }
        self.init { account, webhook in
            let webhook = try Webhook(webhook)
            let wanted = events.filter { webhook.wants($0.rawValue) }
            guard !wanted.isEmpty else { return [] }
            let payload = JSONValue.object(try IntegratedAccount(account).json())
            return wanted.map { DeliveryRecord($0.rawValue, payload, to: webhook, id: effects.uuid(), at: time) }
        }
    }
}

extension DeliveryRecord {
    /// An event on its way to a webhook: `{id, event, event_type, payload, environment_id, created_at, webhook_id}`.
    init(_ event: String, _ payload: JSONValue, to webhook: Webhook, id: String, at time: Timestamp) {
        // Receivers exist that look for the name under either key.
        let body: JSONObject = [
            "id": .string(id), "event": .string(event), "event_type": .string(event), "payload": payload,
            "environment_id": .string(webhook.environmentID), "created_at": .string(time.text),
            "webhook_id": .string(webhook.id),
        ]
        self.init(
            id: id, webhookID: webhook.id, environmentID: webhook.environmentID, event: event,
            body: Document.text(body), nextAttemptAt: time, createdAt: time, updatedAt: time
        )
    }
}
