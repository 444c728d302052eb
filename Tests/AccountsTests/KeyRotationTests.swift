import JSON
import Storage
import Testing
import TestSupport

@testable import Accounts

@Suite struct KeyRotationTests {
    private static let newKey = "next:" + String(repeating: "0b", count: 32)
    private static let bothKeys = "\(newKey),\(Harness.keyText)"

    private func rotation(_ harness: Harness, keys: String = bothKeys) throws -> KeyRotation {
        KeyRotation(
            store: harness.store, vault: Vault(ring: try KeyRing(Secret(keys)), effects: harness.world.effects)
        )
    }

    @Test func `after it nothing needs the old key, while calls and writes of both rings go on`() async throws {
        try await Harness.run { harness in
            var ids: [String] = []
            for _ in 0..<25 { ids.append(try await harness.account().id) }
            let new = try await harness.otherNode(key: Self.bothKeys)
            // Writers of the new ring: those of the old one would bring back what is to go.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await rotation(harness).run(batch: 3) }
                for id in ids {
                    group.addTask {
                        let accounts = new.integratedAccounts
                        for turn in 1...3 {
                            _ = try await accounts.swapCredentials(
                                id, environment: harness.environment, ifVersion: Int64(turn),
                                context: Secret(["api_key": .string("key \(turn)")])
                            )
                            let seen = try await accounts.reread(id, environment: harness.environment)
                            #expect(seen.context.exposed()["api_key"]?.string == "key \(turn)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            _ = try await rotation(harness).run()
            #expect(try await harness.store.sealedKeyIDs() == ["next"])
            let alone = try await harness.otherNode(key: Self.newKey)
            for id in ids {
                let seen = try await alone.integratedAccounts.resolve(id, environment: harness.environment)
                #expect(seen.context.exposed()["api_key"]?.string == "key 3")
            }
        }
    }

    @Test func `a run that was broken off is taken up where it ended`() async throws {
        try await Harness.run { harness in
            for _ in 0..<10 { _ = try await harness.account() }
            let first = Task {
                try await rotation(harness).run(batch: 2) { _ in withUnsafeCurrentTask { $0?.cancel() } }
            }
            #expect(try await first.value.rewrapped == 2)
            let steps = Counter()
            let second = try await rotation(harness).run(batch: 2) { _ in steps.add() }
            #expect(second.rewrapped == 8)
            #expect(steps.count == 4)
            #expect(try await rotation(harness).run().rewrapped == 0)
        }
    }

    @Test func `a damaged ciphertext is named and stops nothing`() async throws {
        try await Harness.run { harness in
            let ids = [try await harness.account().id, try await harness.account().id, try await harness.account().id]
            let field = EncryptedRecord.secretsField
            let old = try #require(try await harness.store.sealed(ids[1], field: field))
            var moved = old
            moved.envelope = try #require(try await harness.store.sealed(ids[0], field: field)).envelope
            #expect(try await harness.store.rewrapSealed([(old, moved)]) == 1)
            let result = try await rotation(harness).run(batch: 1)
            #expect(result.rewrapped == 2)
            #expect(result.damaged == [ids[1]])
        }
    }

    @Test func `without the old key it does not begin, and names the key`() async throws {
        try await Harness.run { harness in
            _ = try await harness.account()
            do {
                try await rotation(harness, keys: Self.newKey).run()
                Issue.record("it ran")
            } catch let error as AccountsError {
                #expect(error.code == .vault && error.message.contains("\"main\""))
            }
        }
    }
}
