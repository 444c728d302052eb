extension SQLStore {
    package func insertDeliveries(_ deliveries: [DeliveryRecord]) async throws(StorageError) {
        guard !deliveries.isEmpty else { return }
        let keepLock = engine.keepLock
        try await engine.write { session in
            for delivery in deliveries {
                // A webhook may have been deleted since the event found it; that must not cost the others theirs.
                let exists = try session.rows("SELECT id FROM webhooks WHERE id = \(delivery.webhookID) \(keepLock)")
                if !exists.isEmpty { try session.insert(delivery) }
            }
        }
    }

    package func deliveries(
        _ listing: Listing<DeliveryField>, environment: String
    ) async throws(StorageError) -> Page<DeliveryRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    package func claimDeliveries(
        now: Timestamp, until: Timestamp, limit: Int
    ) async throws(StorageError) -> [DeliveryRecord] {
        // The time is asked for twice: of two nodes that chose the same rows, one waits for the other and then finds
        // them moved.
        try await engine.write { session in
            try session.rows(
                """
                UPDATE webhook_deliveries SET next_attempt_at = \(until), attempts = attempts + 1, updated_at = \(now)
                WHERE next_attempt_at <= \(now) AND id IN (
                    SELECT id FROM webhook_deliveries WHERE next_attempt_at <= \(now)
                    ORDER BY next_attempt_at LIMIT \(limit)
                ) RETURNING \(raw: DeliveryRecord.columnList)
                """
            ).map { row in
                var row = row
                return try DeliveryRecord(row: &row)
            }
        }
    }

    package func recordAttempt(
        _ delivery: DeliveryRecord, claimedUntil: Timestamp
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.update(
                delivery,
                where: """
                    id = \(delivery.id) AND attempts = \(delivery.attempts) AND next_attempt_at = \(claimedUntil)
                    """
            )
        }
    }

    package func deleteDeliveries(endedBefore time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.run(
                """
                DELETE FROM webhook_deliveries WHERE id IN (
                    SELECT id FROM webhook_deliveries WHERE updated_at < \(time) AND next_attempt_at IS NULL
                    ORDER BY updated_at LIMIT \(limit)
                )
                """)
        }
    }
}
