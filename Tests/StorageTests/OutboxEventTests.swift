import StorageTestSupport
import Testing

@testable import Storage

/// A change of an account and what webhooks are told of it are stored together or not at all.
@Suite struct OutboxEventTests {
    @Test func `active webhooks of the environment are told, in the same transaction`() async throws {
        try await withStore { store, _ in
            try await seed(store)
            try await store.insertWebhook(webhook("idle", isActive: false), sealed: .keep)
            try await store.insertWebhook(webhook("other", suffix: "2"), sealed: .keep)
            let telling = store.announcing(.everything)
            try await telling.insertAccount(account("a"), sealed: .keep)
            var changed = account("a")
            changed.version = 2
            #expect(try await telling.updateAccount(changed, sealed: .keep))
            try await store.insertAccount(account("b"), sealed: .keep)
            #expect(Set(try await telling.deleteAccounts(tenant: "t", environment: "env1")) == ["a", "b"])
            #expect(try await told(store) == ["a 1 w", "a 2 w", "a 2 w", "b 1 w"])
        }
    }

    @Test func `a write that changes nothing tells nothing`() async throws {
        try await withStore { store, _ in
            try await seed(store)
            try await store.insertAccount(account("a"), sealed: .replace(sealed("a")))
            let telling = store.announcing(.everything)
            await #expect(throws: StorageError.self) { try await telling.insertAccount(account("a"), sealed: .keep) }
            #expect(try await telling.updateAccount(account("a"), sealed: .keep) == false)
            var changed = account("a")
            changed.version = 2
            #expect(try await telling.updateAccount(changed, sealed: .replace(sealed("a", version: 7))) == false)
            #expect(try await telling.deleteAccounts(["a"], environment: "env2") == [])
            #expect(try await told(store) == [])
        }
    }

    @Test func `where the end of the transaction fails, neither the change nor its event is there`() async throws {
        try await withStore { store, _ in
            try await seed(store)
            try await store.insertAccount(account("a"), sealed: .keep)
            // The entry of the audit log is the last that is written.
            try await store.engine.write { _ = try $0.run("DROP TABLE audit_entries") }
            let entry = AuditEntry(
                at: .start, environmentID: "env1", actor: "test", action: "x", subject: "a", detail: "{}")
            let failing = store.recording(entry).announcing(.everything)
            var changed = account("a")
            changed.version = 2
            await #expect(throws: StorageError.self) { _ = try await failing.updateAccount(changed, sealed: .keep) }
            await #expect(throws: StorageError.self) { try await failing.insertAccount(account("b"), sealed: .keep) }
            await #expect(throws: StorageError.self) { _ = try await failing.deleteAccounts(["a"], environment: "env1") }
            #expect(try await store.account("a", environment: "env1")?.record.version == 1)
            #expect(try await store.account("b", environment: "env1") == nil)
            #expect(try await told(store) == [])
        }
    }

    @Test func `a webhook that goes meanwhile fails no change of an account`() async throws {
        try await withStore { store, _ in
            try await seed(store)
            for turn in 0..<10 { try await store.insertWebhook(webhook("w\(turn)"), sealed: .keep) }
            let telling = store.announcing(.everything)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for turn in 0..<40 {
                    group.addTask { try await telling.insertAccount(account("a\(turn)"), sealed: .keep) }
                    if turn < 10 {
                        group.addTask { _ = try await store.deleteWebhook("w\(turn)", environment: "env1") }
                    }
                }
                try await group.waitForAll()
            }
            // What was on its way to those that are gone went with them.
            #expect(try await told(store) == (0..<40).map { "a\($0) 1 w" }.sorted())
        }
    }

    private func seed(_ store: SQLStore) async throws {
        _ = try await store.seed()
        _ = try await store.seed("2")
        try await store.insertWebhook(webhook("w"), sealed: .keep)
    }

    private func told(_ store: SQLStore) async throws -> [String] {
        try await store.deliveries(Listing(limit: 100), environment: "env1").items
            .map { "\($0.event) \($0.webhookID)" }.sorted()
    }
}

func webhook(_ id: String, isActive: Bool = true, suffix: String = "1") -> WebhookRecord {
    WebhookRecord(
        id: id, environmentID: "env\(suffix)", targetURL: "https://h.example", eventTypes: "[]", isActive: isActive,
        createdAt: .start, updatedAt: .start
    )
}

extension OutboxEvent {
    /// One delivery for each write and webhook, whose event is the account's id and version.
    static let everything = OutboxEvent { account, webhook in
        [
            DeliveryRecord(
                id: "\(account.id) \(account.version) \(webhook.id) \(UInt64.random(in: 0...UInt64.max))", webhookID: webhook.id,
                environmentID: webhook.environmentID, event: "\(account.id) \(account.version)", body: "{}",
                nextAttemptAt: .start, createdAt: .start, updatedAt: .start
            )
        ]
    }
}
