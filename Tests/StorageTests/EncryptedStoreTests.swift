import Testing

@testable import Storage

@Suite struct EncryptedStoreTests {
    @Test func `only one of many writers of the same version wins`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            #expect(try await store.replaceSealed(sealed("a")))
            #expect(try await store.replaceSealed(sealed("a")) == false)
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await store.replaceSealed(sealed("a", version: 2)) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
        }
    }

    @Test func `keys in use are named, and the ciphertexts still to be moved are found in pieces`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            #expect(try await store.sealedKeyIDs() == [])
            for (owner, key) in [("a", "k1"), ("b", "k3"), ("c", "k2"), ("d", "k1"), ("e", "k3")] {
                #expect(try await store.replaceSealed(sealed(owner, key: key)))
            }
            #expect(try await store.sealedKeyIDs() == ["k1", "k2", "k3"])
            #expect(try await store.sealed(notUnder: "k2", after: nil, limit: 3).map(\.ownerID) == ["a", "d", "b"])
            let third = try #require(try await store.sealed(notUnder: "k2", after: nil, limit: 3).last)
            #expect(try await store.sealed(notUnder: "k2", after: third, limit: 9).map(\.ownerID) == ["e"])
            let first = try #require(try await store.sealed(notUnder: "k2", after: nil, limit: 1).last)
            #expect(try await store.sealed(notUnder: "k2", after: first, limit: 9).map(\.ownerID) == ["d", "b", "e"])
        }
    }

    @Test func `a ciphertext that changed meanwhile is not put under another key`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            let old = sealed("a")
            _ = try await store.replaceSealed(old)
            #expect(try await store.rewrapSealed([(old, sealed("a", key: "k2"))]) == 1)
            #expect(try await store.rewrapSealed([(old, sealed("a", key: "k3"))]) == 0)
            #expect(try await store.sealed("a", field: EncryptedRecord.secretsField)?.keyID == "k2")
        }
    }
}
