import JSON
import Storage
import Testing

@testable import Accounts

private let place = EncryptionContext(environmentID: "env", ownerID: "owner", field: "secrets")

@Suite struct VaultTests {
    private func vault(_ keys: String) throws -> Vault { Vault(ring: try KeyRing(Secret(keys))) }
    private let old = "old:" + String(repeating: "01", count: 32)
    private let new = "new:" + String(repeating: "02", count: 32)

    @Test(arguments: [[], [0], Array("canary".utf8), Array(repeating: UInt8(7), count: 100_000)] as [[UInt8]])
    func `what is sealed opens again`(plain: [UInt8]) throws {
        let vault = try vault(old)
        let (keyID, envelope) = try vault.seal(plain, for: place)
        #expect(keyID == "old")
        #expect(envelope.hasPrefix("v1.old."))
        #expect(try vault.open(envelope, for: place) == plain)
        #expect(try vault.seal(plain, for: place).envelope != envelope, "a nonce was used twice")
    }

    @Test(arguments: [
        EncryptionContext(environmentID: "env2", ownerID: "owner", field: "secrets"),
        EncryptionContext(environmentID: "env", ownerID: "owner2", field: "secrets"),
        EncryptionContext(environmentID: "env", ownerID: "owner", field: "secret"),
        EncryptionContext(environmentID: "env", ownerID: "ownersecrets", field: ""),
        EncryptionContext(environmentID: "envo", ownerID: "wner", field: "secrets"),
    ]) func `an envelope opens only in its own place`(other: EncryptionContext) throws {
        let vault = try vault(old)
        let envelope = try vault.seal(Array("canary".utf8), for: place).envelope
        #expect(throws: VaultError.tampered) { try vault.open(envelope, for: other) }
    }

    @Test func `a changed envelope does not open`() throws {
        let vault = try vault(old)
        let envelope = Array(try vault.seal(Array("canary".utf8), for: place).envelope)
        for at in envelope.indices {
            var changed = envelope
            changed[at] = changed[at] == "A" ? "B" : "A"
            #expect(throws: VaultError.self, "character \(at)") { try vault.open(String(changed), for: place) }
        }
        for text in ["", "v1", "v1.old", "v1.old.", "v2.old.AAAA", "v1.old.AAAA", "v1.old.!"] {
            #expect(throws: VaultError.tampered) { try vault.open(text, for: place) }
        }
    }

    @Test func `any key of the ring opens, and one that is gone is named`() throws {
        let envelope = try vault(old).seal([1], for: place).envelope
        #expect(try vault("\(new),\(old)").open(envelope, for: place) == [1])
        #expect(throws: VaultError.missingKey("old")) { try vault(new).open(envelope, for: place) }
        #expect(VaultError.missingKey("old").description.contains("\"old\""))
        let same = "old:" + String(repeating: "03", count: 32)
        #expect(throws: VaultError.tampered) { try vault(same).open(envelope, for: place) }
    }

    @Test func `a start without a needed key fails and names it`() async throws {
        try await Harness.run { harness in
            _ = try await harness.account()
            do {
                _ = try await harness.otherNode(key: new)
                Issue.record("the start succeeded")
            } catch let error as AccountsError {
                #expect(error.code == .vault)
                #expect(error.message.contains("\"main\""))
            }
            _ = try await harness.otherNode(key: "\(new),\(Harness.keyText)")
        }
    }

    @Test func `two accounts' ciphertexts that are swapped do not open`() async throws {
        try await Harness.run { harness in
            let (one, two) = (try await harness.account(), try await harness.account())
            let field = EncryptedRecord.secretsField
            var first = try #require(try await harness.store.sealed(one.id, field: field))
            let second = try #require(try await harness.store.sealed(two.id, field: field))
            first.envelope = second.envelope
            let stored = try #require(try await harness.store.sealed(one.id, field: field))
            #expect(try await harness.store.rewrapSealed([(stored, first)]) == 1)
            await expect(.vault) { _ = try await harness.context(one.id) }
            #expect(try await harness.context(two.id)["api_key"] == "canary-key")
        }
    }
}
