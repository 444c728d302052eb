/// Webhooks and what is sent to them.
package protocol WebhookStore: AuditedStore {
    /// - Throws: `.reference` where the environment does not exist.
    func insertWebhook(_ webhook: WebhookRecord, sealed: EncryptedChange) async throws(StorageError)
    func webhook(_ id: String, environment: String) async throws(StorageError) -> Encrypted<WebhookRecord>?
    func webhooks(
        _ listing: Listing<WebhookField>, environment: String
    ) async throws(StorageError) -> Page<WebhookRecord>
    /// Whether there was such a row.
    func updateWebhook(_ webhook: WebhookRecord) async throws(StorageError) -> Bool
    /// Deletes it with its deliveries and its secret.
    func deleteWebhook(_ id: String, environment: String) async throws(StorageError) -> Bool

    /// Those of webhooks that are gone by now are left out.
    func insertDeliveries(_ deliveries: [DeliveryRecord]) async throws(StorageError)
    func deliveries(
        _ listing: Listing<DeliveryField>, environment: String
    ) async throws(StorageError) -> Page<DeliveryRecord>
    /// Takes deliveries whose turn has come. Nobody else gets them until `until`, so a node that dies loses none.
    func claimDeliveries(now: Timestamp, until: Timestamp, limit: Int) async throws(StorageError) -> [DeliveryRecord]
    /// Writes how an attempt went, unless another node has taken the delivery since; whether it did.
    func recordAttempt(_ delivery: DeliveryRecord, claimedUntil: Timestamp) async throws(StorageError) -> Bool
    /// Removes deliveries that are over and were last touched before a time; how many.
    func deleteDeliveries(endedBefore: Timestamp, limit: Int) async throws(StorageError) -> Int
}

extension SQLStore: WebhookStore {
    package func insertWebhook(_ webhook: WebhookRecord, sealed: EncryptedChange) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(webhook)
            guard try session.apply(sealed) else { throw StorageError.conflict("the webhook has a secret already") }
        }
    }

    package func webhook(_ id: String, environment: String) async throws(StorageError) -> Encrypted<WebhookRecord>? {
        try await engine.read { session in
            guard
                let found: WebhookRecord = try session.first(where: "id = \(id) AND environment_id = \(environment)")
            else { return nil }
            return Encrypted(record: found, secrets: try session.secrets(of: id))
        }
    }

    package func webhooks(
        _ listing: Listing<WebhookField>, environment: String
    ) async throws(StorageError) -> Page<WebhookRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    package func updateWebhook(_ webhook: WebhookRecord) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.update(webhook, where: "id = \(webhook.id) AND environment_id = \(webhook.environmentID)")
        }
    }

    package func deleteWebhook(_ id: String, environment: String) async throws(StorageError) -> Bool {
        try await engine.write { session in
            let count = try session.run("DELETE FROM webhooks WHERE id = \(id) AND environment_id = \(environment)")
            guard count > 0 else { return false }
            try session.deleteSealed(of: [id])
            return true
        }
    }
}
