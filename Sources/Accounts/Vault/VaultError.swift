/// Why the vault cannot seal or open, or the key ring cannot be read. Never holds key or plain text.
package struct VaultError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case missingKey, tampered, badKey, keyFile
    }

    package var code: Code
    package var message: String
    /// The id of the key this is about.
    package var keyID: String?

    private init(_ code: Code, _ message: String, keyID: String? = nil) {
        self.code = code
        self.message = message
        self.keyID = keyID
    }

    package var description: String { message }

    /// Something is sealed with a key that is not in the ring.
    package static func missingKey(_ id: String) -> Self {
        Self(
            .missingKey,
            "the master key \"\(id)\" is missing: put it back beside the newer ones until nothing needs it", keyID: id
        )
    }
    /// The ciphertext was changed, or belongs to another row.
    package static let tampered = Self(.tampered, "a sealed value was changed or moved from another row")
    /// The text of a key is wrong.
    package static func badKey(_ message: String) -> Self { Self(.badKey, message) }
    /// The key file cannot be read or written.
    package static func keyFile(_ message: String) -> Self { Self(.keyFile, message) }
}
