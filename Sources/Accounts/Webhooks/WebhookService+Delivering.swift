import JSON
import Storage

extension WebhookService {
    /// Seconds after which a delivery that a node has taken and not ended is another's.
    package static let claimSeconds: Int64 = 60
    /// Seconds that sending may take; well below `claimSeconds`.
    package static let longestSend: Int64 = 15

    /// Sends the event `test` to one webhook, active or not.
    package func test(_ id: String, environment: String) async throws(AccountsError) {
        let webhook = try await get(id, environment: environment)
        let delivery = DeliveryRecord("test", .object(webhook.json()), to: webhook, id: effects.uuid(), at: effects.now())
        try await stored { () async throws(StorageError) in try await store.insertDeliveries([delivery]) }
    }

    /// Sends what is due, a few at a time side by side; how many were attempted.
    ///
    /// - Parameter send: gives the HTTP status, within `longestSend`; it applies the egress policy and follows no
    ///   redirect. What it throws is shown in the log by its description.
    @discardableResult
    package func deliver(
        limit: Int = 16, send: @escaping @Sendable (WebhookRequest) async throws -> Int
    ) async throws(AccountsError) -> Int {
        let now = effects.now()
        let until = now.adding(seconds: Self.claimSeconds)
        let due = try await stored { () async throws(StorageError) in
            try await store.claimDeliveries(now: now, until: until, limit: limit)
        }
        await withTaskGroup(of: Void.self) { group in
            for delivery in due { group.addTask { await attempt(delivery, claimedUntil: until, send) } }
        }
        return due.count
    }

    private func attempt(
        _ delivery: DeliveryRecord, claimedUntil: Timestamp,
        _ send: @Sendable (WebhookRequest) async throws -> Int
    ) async {
        var result = delivery
        (result.lastStatus, result.lastError) = (nil, nil)
        do {
            let status = try await send(try await request(delivery))
            result.lastStatus = Int64(status)
            if !(200..<300).contains(status) { result.lastError = "the receiver answered with status \(status)" }
        } catch {
            result.lastError = String("\(error)".prefix(500))
        }
        result.updatedAt = effects.now()
        if result.lastError == nil {
            (result.status, result.nextAttemptAt) = ("delivered", nil)
        } else if let delay = WebhookRetry.delay(
            afterAttempts: delivery.attempts, chance: effects.randomBytes(1).first ?? 0
        ) {
            result.nextAttemptAt = result.updatedAt.adding(seconds: delay)
        } else {
            (result.status, result.nextAttemptAt) = ("failed", nil)
        }
        // Where this fails the claim runs out and it is sent again: receivers know it by its id.
        _ = try? await store.recordAttempt(result, claimedUntil: claimedUntil)
    }

    private func request(_ delivery: DeliveryRecord) async throws(AccountsError) -> WebhookRequest {
        let found = try await read(delivery.webhookID, delivery.environmentID)
        let place = EncryptionContext.secrets(of: found.record.id, environment: found.record.environmentID)
        guard let secret = try vault.open(found.secrets, for: place)["secret"]?.string else {
            throw .notFound("the webhook's secret")
        }
        let body = Array(delivery.body.utf8)
        let headers = WebhookSignature.headers(id: delivery.id, body: body, secret: Secret(secret), at: effects.now())
        return WebhookRequest(
            environmentID: delivery.environmentID, url: found.record.targetURL, headers: headers, body: body)
    }

    /// Removes what is over and older than `days` from the delivery log.
    @discardableResult
    package func purge(olderThanDays days: Int64 = 30) async throws(AccountsError) -> Int {
        let time = effects.now().adding(seconds: -days * 86_400)
        return try await stored { () async throws(StorageError) in
            try await store.deleteDeliveries(endedBefore: time, limit: 1000)
        }
    }
}
