import JSON
import Storage
import Synchronization
import Testing

@testable import Accounts

/// Changes of accounts are told to webhooks in the transaction that makes them.
@Suite struct EventTests {
    /// Makes a webhook for all events.
    private func listen(_ harness: Harness) async throws {
        _ = try await harness.services.webhooks.create(
            WebhookPatch(targetURL: "https://hooks.example/in"), environment: harness.environment
        )
    }

    /// What is on its way to the webhook, by account and event.
    private func told(_ harness: Harness) async throws -> [String: [String]] {
        let log = try await harness.services.webhooks.deliveries(
            ListQuery(limit: 100), environment: harness.environment
        ).result
        var told: [String: [String]] = [:]
        for delivery in log {
            let id = try JSONValue.parse(delivery.body)["payload"]?["id"]?.string ?? ""
            told[id, default: []].append(delivery.event.replacing("integrated_account:", with: ""))
        }
        return told.mapValues { $0.sorted() }
    }

    typealias Change = @Sendable (Harness, String) async throws -> Void

    private static let changes: [(name: String, change: Change, events: [String])] = [
        ("nothing", { _, _ in }, []),
        (
            "a patch",
            { harness, id in
                _ = try await harness.services.integratedAccounts.update(
                    id, environment: harness.environment, IntegratedAccountPatch(json: ["is_blocked": true]))
            }, ["updated"]
        ),
        (
            "other credentials",
            { harness, id in
                _ = try await harness.services.integratedAccounts.replaceCredentials(
                    id, environment: harness.environment, context: Secret(["api_key": "new-key"]))
            }, ["updated"]
        ),
        (
            "refused credentials, replaced",
            { harness, id in
                let accounts = harness.services.integratedAccounts
                try await accounts.setStatus(
                    id, environment: harness.environment, to: .needsReauth, telling: .authenticationError)
                // Known already: told once.
                try await accounts.setStatus(
                    id, environment: harness.environment, to: .needsReauth, lastError: "again", telling: .authenticationError)
                _ = try await accounts.replaceCredentials(
                    id, environment: harness.environment, context: Secret(["api_key": "new-key"]))
            }, ["active", "authentication_error", "updated"]
        ),
        (
            "tokens refreshed",
            { harness, id in
                _ = try await harness.services.integratedAccounts.swapCredentials(
                    id, environment: harness.environment, ifVersion: 1, context: Secret(["api_key": "new-key"]), isRefresh: true)
            }, []
        ),
        (
            "actions that fail and then do not",
            { harness, id in
                for status in [AccountStatus.postInstallError, .validationError, .active] {
                    _ = try await harness.services.integratedAccounts.finishActions(
                        id, environment: harness.environment, status: status, lastError: nil, result: [:])
                }
            }, ["active", "post_install_error", "validation_error"]
        ),
        (
            "connected again",
            { harness, id in
                _ = try await harness.services.integratedAccounts.reconnect(
                    id, environment: harness.environment, method: "api_key", context: Secret(["api_key": "new-key"]),
                    persisting: true, result: [:])
            }, ["active", "updated"]
        ),
        (
            "deleted",
            { harness, id in
                try await harness.services.integratedAccounts.delete(id, environment: harness.environment)
            }, ["deleted"]
        ),
        (
            "its tenant deleted",
            { harness, _ in
                try await harness.services.integratedAccounts.delete(.tenant("t1"), environment: harness.environment)
            }, ["deleted"]
        ),
        (
            "a patch of another version",
            { harness, id in
                await expect(.stale) {
                    _ = try await harness.services.integratedAccounts.update(
                        id, environment: harness.environment, IntegratedAccountPatch(json: ["is_blocked": true, "version": 7]))
                }
            }, []
        ),
        (
            "a deletion in another environment",
            { harness, id in
                let other = try await harness.services.environments.create(name: "Other").id
                try await harness.services.integratedAccounts.delete(.ids([id]), environment: other)
            }, []
        ),
    ]

    @Test(arguments: changes.indices) func `a change is told by its own events, once`(index: Int) async throws {
        let (name, change, events) = Self.changes[index]
        try await Harness.run { harness in
            let account = try await harness.account()
            try await listen(harness)
            try await change(harness, account.id)
            #expect(try await told(harness) == (events.isEmpty ? [:] : [account.id: events]), "\(name)")
        }
    }

    @Test func `a new account is created, and active where it can be used at once`() async throws {
        try await Harness.run { harness in
            try await listen(harness)
            let ready = try await harness.account()
            let connecting = try await harness.services.integratedAccounts.create(
                NewIntegratedAccount(
                    tenantID: "t1", installation: .integration("acme"), authenticationMethod: "api_key",
                    context: Secret([:]), status: .connecting),
                environment: harness.environment)
            #expect(try await told(harness) == [ready.id: ["active", "created"], connecting.id: ["created"]])
        }
    }

    @Test func `an event that its node never came to send is sent by another, as it was`() async throws {
        try await Harness.run { harness in
            try await listen(harness)
            let account = try await harness.account(["api_key": "canary-key", "subdomain": "acme"])
            try await harness.services.integratedAccounts.delete(account.id, environment: harness.environment)
            let sent = Mutex<[JSONValue]>([])
            let count = try await harness.otherNode().webhooks.deliver { request in
                sent.withLock { $0.append((try? JSONValue.parse(request.body)) ?? .null) }
                return 200
            }
            #expect(count == 3)
            let bodies = sent.withLock { $0 }
            #expect(
                Set(bodies.map { $0["event"]?.string }) == [
                    "integrated_account:created", "integrated_account:active", "integrated_account:deleted",
                ])
            for body in bodies {
                #expect(body["payload"] == .object(account.json()))
                #expect(!body.text().contains("canary-key"))
            }
        }
    }
}
