import JSON
package import Storage

/// Keeps webhooks, sends them their events, and logs what became of those.
///
/// The deliveries of an event are written by what the event tells of, in the same transaction: see `OutboxEvent`.
package struct WebhookService: Sendable {
    let store: any WebhookStore
    let vault: Vault
    let effects: Effects

    init(store: any WebhookStore, vault: Vault, effects: Effects) {
        self.store = store
        self.vault = vault
        self.effects = effects
    }

    /// Makes a webhook and shows its secret, once.
    ///
    /// - Parameter allowsHTTP: whether an address without TLS is accepted, as for development.
    /// - Throws: `.invalid` naming the member; `.notFound` for an unknown environment.
    package func create(
        _ new: WebhookPatch, environment: String, allowsHTTP: Bool = false
    ) async throws(AccountsError) -> (webhook: Webhook, secret: Secret<String>) {
        guard let target = new.targetURL else { throw .invalid("target_url", "target_url is required") }
        try new.check(allowsHTTP: allowsHTTP)
        let now = effects.now()
        let record = WebhookRecord(
            id: effects.uuid(), environmentID: environment, targetURL: target, eventTypes: Self.text(new.eventTypes),
            isActive: new.isActive ?? true, createdAt: now, updatedAt: now
        )
        let secret = WebhookSecret.make(effects)
        let place = EncryptionContext.secrets(of: record.id, environment: environment)
        let sealed = try vault.seal(["secret": .string(secret)], for: place, version: 1, at: now)
        let entry = Audit.entry("webhook.created", record.id, environment, ["target_url": .string(target)], at: now)
        do {
            try await store.recording(entry).insertWebhook(record, sealed: .replace(sealed))
        } catch {
            throw error.code == .reference ? .notFound("environment") : .storage(error)
        }
        return (try Webhook(record), Secret(secret))
    }

    package func get(_ id: String, environment: String) async throws(AccountsError) -> Webhook {
        try Webhook(try await read(id, environment).record)
    }

    package func list(
        _ query: ListQuery<WebhookField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<Webhook> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.webhooks(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { (record) throws(AccountsError) in try Webhook(record) }
    }

    package func update(
        _ id: String, environment: String, _ patch: WebhookPatch, allowsHTTP: Bool = false
    ) async throws(AccountsError) -> Webhook {
        try patch.check(allowsHTTP: allowsHTTP)
        var record = try await read(id, environment).record
        record.targetURL = patch.targetURL ?? record.targetURL
        if let types = patch.eventTypes { record.eventTypes = Self.text(types) }
        record.isActive = patch.isActive ?? record.isActive
        record.updatedAt = effects.now()
        let changed = record
        let entry = Audit.entry(
            "webhook.updated", id, environment, ["target_url": .string(changed.targetURL)], at: changed.updatedAt
        )
        let isWritten = try await stored { () async throws(StorageError) in
            try await store.recording(entry).updateWebhook(changed)
        }
        guard isWritten else { throw .notFound("webhook") }
        return try Webhook(changed)
    }

    package func delete(_ id: String, environment: String) async throws(AccountsError) {
        let entry = Audit.entry("webhook.deleted", id, environment, at: effects.now())
        let isDeleted = try await stored { () async throws(StorageError) in
            try await store.recording(entry).deleteWebhook(id, environment: environment)
        }
        guard isDeleted else { throw .notFound("webhook") }
    }

    /// The delivery log, oldest first.
    package func deliveries(
        _ query: ListQuery<DeliveryField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<WebhookDelivery> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.deliveries(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { WebhookDelivery($0) }
    }

    func read(_ id: String, _ environment: String) async throws(AccountsError) -> Encrypted<WebhookRecord> {
        let found = try await stored { () async throws(StorageError) in
            try await store.webhook(id, environment: environment)
        }
        guard let found else { throw .notFound("webhook") }
        return found
    }

    private static func text(_ eventTypes: [String]?) -> String {
        JSONValue.array((eventTypes ?? []).map(JSONValue.string)).text()
    }
}
