import Accounts
import JSON
import Sandbox
import Storage
import StorageTestSupport
import Synchronization
import Testing

/// Master keys are changed while nodes serve.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RotationTests {
    private static let newKey = "next:" + String(repeating: "0c", count: 32)
    private static let bothKeys = "\(newKey),\(TestCluster.key)"

    @Test(arguments: StoreKind.tested)
    func `under sixty calls a second at three nodes keys are rotated, and no call fails`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await TestCluster.run(on: address, keys: Self.bothKeys) { cluster in
                let store = try await SQLStore.open(try #require(DatabaseLocation(address)), now: Effects.live.now())
                let accounts = try await makeAccounts(100, store, cluster)
                #expect(try await store.sealedKeyIDs().sorted() == ["main", "next"])

                let load = Load()
                let rotation = Task {
                    defer { load.isOver.withLock { $0 = true } }
                    // Each of its fifty transactions has calls before and behind it.
                    return try await KeyRotation(store: store, vault: try vault(Self.bothKeys)).run(batch: 2) { _ in
                        let enough = load.answered.withLock { $0 } + 3
                        while load.answered.withLock({ $0 }) < enough { try? await Task.sleep(for: .milliseconds(1)) }
                    }
                }
                let (clock, start) = (ContinuousClock(), ContinuousClock.now)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    var turn = 0
                    while turn < 60 || !load.isOver.withLock({ $0 }) {
                        // On a schedule, but never more than a slow machine can carry out: what waits too long fails by
                        // itself, and says nothing about keys.
                        try await clock.sleep(until: start + .milliseconds(1000) * turn / 60)
                        while turn - load.answered.withLock({ $0 }) >= 24 { try await clock.sleep(for: .milliseconds(1)) }
                        group.addTask { [turn] in
                            defer { load.answered.withLock { $0 += 1 } }
                            return try await cluster.upload(accounts[turn % accounts.count], at: cluster.nodes[turn % 3])
                        }
                        turn += 1
                    }
                    return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
                let calls = statuses.values.reduce(0, +)
                #expect(statuses == [200: calls] && calls >= 150)
                let done = try await rotation.value
                #expect(done.rewrapped == accounts.count && done.damaged == [])
                #expect(try await store.sealedKeyIDs() == ["next"])

                // The old key can go.
                let after = try await AccountServices(store: store, vault: try vault(Self.newKey))
                for id in accounts {
                    let account = try await after.integratedAccounts.resolve(id, environment: cluster.environment)
                    #expect(account.context.exposed()["api_key"]?.string == TestGateway.apiKey)
                }
                try store.close()
            }
        }
    }

    private func vault(_ keys: String) throws -> Vault {
        Vault(ring: try KeyRing.load(variable: Secret(keys), file: nil).ring)
    }

    /// Accounts under the old key, from the time before the new one.
    private func makeAccounts(_ count: Int, _ store: SQLStore, _ cluster: TestCluster) async throws -> [String] {
        try await cluster.accounts.install(cluster.sandbox.demo, environment: cluster.environment)
        let old = try await AccountServices(
            store: store, vault: try vault(Self.bothKeys.split(separator: ",").reversed().joined(separator: ",")))
        var ids: [String] = []
        for turn in 0..<count {
            let new = NewIntegratedAccount(
                tenantID: "tenant \(turn)", installation: .integration(cluster.sandbox.vendor),
                authenticationMethod: "api_key",
                context: Secret(["api_key": .string(TestGateway.apiKey), "perform_as": .string(TestGateway.performAs)]))
            ids.append(try await old.integratedAccounts.create(new, environment: cluster.environment).id)
        }
        return ids
    }
}

private final class Load: Sendable {
    let answered = Mutex(0)
    /// Whether the rotation is.
    let isOver = Mutex(false)
}
