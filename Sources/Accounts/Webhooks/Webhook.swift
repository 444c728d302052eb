package import JSON
package import Storage

/// Where an environment wants to be told of events, as it may be shown.
package struct Webhook: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var targetURL: String
    /// Empty for all events. `record:*` stands for all that begin so.
    package var eventTypes: [String]
    package var isActive: Bool
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: WebhookRecord) throws(AccountsError) {
        id = record.id
        environmentID = record.environmentID
        targetURL = record.targetURL
        eventTypes = try Document.value(record.eventTypes, "list of event types")?.array?.compactMap(\.string) ?? []
        isActive = record.isActive
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// Whether it wants to be told. The test event reaches every webhook.
    package func wants(_ event: String) -> Bool {
        eventTypes.isEmpty || event == "test"
            || eventTypes.contains { type in
                type == "all" || type == event || type.hasSuffix(":*") && event.hasPrefix(type.dropLast())
            }
    }

    /// `{id, environment_id, target_url, event_types, is_active, created_at, updated_at}`; the secret only when made.
    package func json(secret: Secret<String>? = nil) -> JSONObject {
        var json: JSONObject = [
            "id": .string(id), "environment_id": .string(environmentID), "target_url": .string(targetURL),
            "event_types": .array(eventTypes.map(JSONValue.string)), "is_active": .bool(isActive),
        ]
        if let secret { json["secret"] = .string(secret.exposed()) }
        json["created_at"] = .string(createdAt.text)
        json["updated_at"] = .string(updatedAt.text)
        return json
    }
}

/// What a caller sets of a webhook; nil leaves it.
package struct WebhookPatch: Sendable {
    package var targetURL: String?
    package var eventTypes: [String]?
    package var isActive: Bool?

    package init(targetURL: String? = nil, eventTypes: [String]? = nil, isActive: Bool? = nil) {
        self.targetURL = targetURL
        self.eventTypes = eventTypes
        self.isActive = isActive
    }

    /// Reads the body of `POST /webhook` and of `PATCH /webhook/:id`.
    ///
    /// - Throws: `.invalid` naming the member.
    package init(json: JSONObject) throws(AccountsError) {
        let body = BodyReader(json)
        targetURL = try body.text("target_url", atMost: 2000)
        isActive = try body.flag("is_active")
        guard let value = json["event_types"], !value.isNull else { return }
        guard let items = value.array, items.allSatisfy({ $0.string != nil }) else {
            throw .invalid("event_types", "event_types must be a list of strings")
        }
        eventTypes = items.compactMap(\.string)
    }

    /// The rules of the wire: an https address and events that there are. Whether the address may be reached at all is for
    /// the egress policy of whoever sends.
    func check(allowsHTTP: Bool) throws(AccountsError) {
        if let targetURL {
            let isAllowed =
                targetURL.lowercased().hasPrefix("https://")
                || allowsHTTP && targetURL.lowercased().hasPrefix("http://")
            guard isAllowed, targetURL.utf8.count <= 2000, targetURL.utf8.allSatisfy({ (33...126).contains($0) }) else {
                throw .invalid("target_url", "target_url must be an https address")
            }
        }
        for type in eventTypes ?? [] {
            if let refusal = EventTypes.refusal(of: type) { throw .invalid("event_types", refusal) }
        }
    }
}
