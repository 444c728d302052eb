import Storage

/// What the accounts of a run belong to, and how they look.
enum Subject {
    static let environment = "00000000-0000-4000-8000-00000000000e"
    static let installation = "00000000-0000-4000-8000-000000000001"
    static let webhook = "00000000-0000-4000-8000-000000000002"
    static let time = Timestamp(millisecondsSinceEpoch: 1_767_225_600_000)
    /// As long as that of an account with OAuth tokens.
    static let envelope = "v1.main." + String(repeating: "x", count: 600)

    /// Opens a new database with an environment that accounts can be put into.
    static func open(_ address: String) async throws -> SQLStore {
        let store = try await reopen(address)
        try await store.insertTeam(TeamRecord(id: "team", name: "Bench", createdAt: time, updatedAt: time))
        try await store.insertEnvironment(
            EnvironmentRecord(id: environment, teamID: "team", name: "Bench", createdAt: time, updatedAt: time))
        try await store.insertEnvironmentIntegration(
            EnvironmentIntegrationRecord(
                id: installation, environmentID: environment, integration: "acme", isEnabled: true, showInCatalog: true,
                override: "{}", createdAt: time, updatedAt: time),
            sealed: .keep)
        try await store.insertWebhook(
            WebhookRecord(
                id: webhook, environmentID: environment, targetURL: "https://hooks.example", eventTypes: "[]",
                isActive: true, createdAt: time, updatedAt: time),
            sealed: .keep)
        return store
    }

    /// One event for each write, named for the account's tenant; its id begins with the account's.
    static let announcement = OutboxEvent { account, webhook in
        [
            DeliveryRecord(
                id: "\(account.id) \(UInt64.random(in: 0...UInt64.max))", webhookID: webhook.id,
                environmentID: environment, event: account.tenantID, body: "{}", nextAttemptAt: time, createdAt: time,
                updatedAt: time)
        ]
    }

    /// Not inlined: the optimizer of Swift 6.3 crashes where this becomes a part of a caller that loops.
    @inline(never)
    static func reopen(_ address: String) async throws -> SQLStore {
        guard let location = DatabaseLocation(address) else { throw BenchOptions.Usage() }
        return try await SQLStore.open(location, now: time)
    }

    static func account(_ id: String, tenant: String, version: Int64 = 1) -> AccountRecord {
        AccountRecord(
            id: id, environmentID: environment, environmentIntegrationID: installation, integration: "acme",
            tenantID: tenant, authenticationMethod: "api_key", status: "active", version: version, createdAt: time,
            updatedAt: time)
    }

    static func secrets(_ id: String, version: Int64 = 1) -> EncryptedRecord {
        EncryptedRecord(
            ownerID: id, field: EncryptedRecord.secretsField, environmentID: environment, keyID: "main", envelope: envelope,
            version: version, updatedAt: time)
    }
}
