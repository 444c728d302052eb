import Crypto
import Encodings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Seals and opens what is kept of customers' credentials: AES-256-GCM under keys derived from the master keys.
///
/// An envelope is `v1.KEYID.DATA`, DATA being nonce, ciphertext and tag in URL-safe base64. It opens only with the same
/// environment, owner and field it was sealed for, so a ciphertext copied to another row is refused.
package struct Vault: Sendable {
    private let ring: KeyRing
    private let effects: Effects

    package init(ring: KeyRing, effects: Effects = .live) {
        self.ring = ring
        self.effects = effects
    }

    /// The key that new envelopes need.
    package var currentKeyID: String { ring.currentID }

    /// Checks that every key of the list is in the ring.
    ///
    /// - Throws: `VaultError.missingKey` with the first that is not.
    package func checkKeys(_ ids: [String]) throws(VaultError) {
        for id in ids { _ = try ring.key(id) }
    }

    func seal(_ plain: [UInt8], for place: EncryptionContext) throws(VaultError) -> (keyID: String, envelope: String) {
        let id = ring.currentID
        let key = try derivedKey(id, place)
        do {
            let nonce = try AES.GCM.Nonce(data: effects.randomBytes(12))
            let box = try AES.GCM.seal(plain, using: key, nonce: nonce, authenticating: place.authenticated(keyID: id))
            return (id, "v1.\(id)." + Base64URL.text(box.nonce + box.ciphertext + box.tag))
        } catch {
            throw .badKey("the vault cannot seal with the key \"\(id)\"")
        }
    }

    func open(_ envelope: String, for place: EncryptionContext) throws(VaultError) -> [UInt8] {
        let parts = envelope.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == "v1", let data = Base64URL.bytes(parts[2]) else { throw .tampered }
        let key = try derivedKey(parts[1], place)
        do {
            let box = try AES.GCM.SealedBox(combined: data)
            return Array(try AES.GCM.open(box, using: key, authenticating: place.authenticated(keyID: parts[1])))
        } catch {
            throw .tampered
        }
    }

    /// A key for each environment: random nonces under one key are safe for 2³² messages only, and a program that
    /// refreshes tokens for years should not have to count them.
    private func derivedKey(_ id: String, _ place: EncryptionContext) throws(VaultError) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: try ring.key(id), info: Array("attache vault v1\0\(place.environmentID)".utf8),
            outputByteCount: 32
        )
    }
}

/// Which field of which row a sealed value belongs to.
struct EncryptionContext: Sendable, Hashable {
    var environmentID: String
    var ownerID: String
    var field: String

    /// Each part with its length before it, so that no two places give the same bytes.
    func authenticated(keyID: String) -> [UInt8] {
        ["attache vault v1", keyID, environmentID, ownerID, field].flatMap { part in
            withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian, Array.init) + Array(part.utf8)
        }
    }
}
