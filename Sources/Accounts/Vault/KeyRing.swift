import Crypto
import Encodings

/// The master keys: one seals, all open.
///
/// Text form, in the environment and in the key file: keys separated by commas, spaces or line ends, each `KEY` or
/// `ID:KEY`, where KEY is 32 bytes in base64 or hexadecimal. The first one seals. Lines that start with `#` are
/// comments. A key without an id gets one made from its hash, so the same key has the same id wherever it stands.
///
/// In memory keys are in these objects alone, which wipe them at their end, as what is read on the way here is wiped. A
/// variable of the environment is not ours to wipe: the system shows it for as long as the process lives.
package struct KeyRing: Sendable {
    /// The id of the key that seals.
    package let currentID: String
    private let keys: [String: SymmetricKey]

    /// - Throws: `VaultError.badKey`, naming the key by its place or id.
    package init(_ text: Secret<String>) throws(VaultError) {
        var reader = KeyReader()
        try reader.read(text)
        self = try reader.ring()
    }

    init(_ keys: [String: SymmetricKey], currentID: String) {
        self.keys = keys
        self.currentID = currentID
    }

    /// The ids of all keys, sorted.
    package var ids: [String] { keys.keys.sorted() }

    func key(_ id: String) throws(VaultError) -> SymmetricKey {
        guard let key = keys[id] else { throw .missingKey(id) }
        return key
    }

    /// An id that shows nothing of the key.
    static func fingerprint(_ key: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(data: Array("attache master key id\0".utf8))
        hash.update(data: key)
        return "k" + Hex.text(hash.finalize().prefix(6))
    }
}

extension KeyRing: CustomStringConvertible, CustomReflectable {
    package var description: String { "KeyRing(\(ids.joined(separator: ", ")))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
