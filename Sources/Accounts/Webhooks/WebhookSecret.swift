import Encodings

/// What signs the events of one webhook.
enum WebhookSecret {
    /// As the Standard Webhooks specification shows secrets, so that its libraries take them as they are shown.
    private static let prefix = "whsec_"

    /// A new one: `whsec_` and 32 random bytes in base64.
    static func make(_ effects: Effects) -> String { prefix + Base64.text(effects.randomBytes(32)) }

    /// The key of the specification's signature: the bytes behind the prefix. Secrets made before there was one count as
    /// the text they are.
    static func key(of secret: String) -> [UInt8] {
        guard secret.hasPrefix(prefix), let bytes = Base64URL.bytes(String(secret.dropFirst(prefix.count))) else {
            return Array(secret.utf8)
        }
        return bytes
    }
}
