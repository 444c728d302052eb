/// What webhooks are told of accounts that a write changes, in its own transaction.
package struct OutboxEvent: Sendable {
    /// The deliveries to a webhook, of an account as it is stored now or, where it is deleted, as it last was. Pure but for
    /// the ids, since it may run again.
    package var deliveries: @Sendable (AccountRecord, WebhookRecord) throws -> [DeliveryRecord]

    package init(deliveries: @escaping @Sendable (AccountRecord, WebhookRecord) throws -> [DeliveryRecord]) {
        self.deliveries = deliveries
    }
}

extension SQLStore {
    package func announcing(_ announcement: OutboxEvent?) -> Self {
        SQLStore(engine: engine, announcement: announcement)
    }

    /// Puts the deliveries to the active webhooks of the accounts' environment beside the accounts.
    func announce(_ accounts: [AccountRecord], environment: String, in session: any SQLSession) throws {
        guard let announcement, !accounts.isEmpty else { return }
        // None of them goes before this transaction has ended: a delivery points to it.
        let webhooks: [WebhookRecord] = try session.all(
            where: """
                environment_id = \(environment) AND is_active = 1 ORDER BY created_at, id \(engine.keepLock)
                """)
        for account in accounts {
            for webhook in webhooks {
                for delivery in try announcement.deliveries(account, webhook) { try session.insert(delivery) }
            }
        }
    }
}
