import Crypto

/// The text of an API token: `att_` and 256 random bits, so that scanners for leaked secrets know it.
enum TokenText {
    static let prefix = "att_"
    private static let randomByteCount = 32

    static func make(_ effects: Effects) -> Secret<String> {
        Secret(prefix + Base64URL.text(effects.randomBytes(randomByteCount)))
    }

    /// SHA-256 as it is stored. A fast hash serves, because 256 random bits cannot be guessed one by one.
    ///
    /// Nil where the text cannot be a token; that saves the look-up and tells nothing, since the form is public.
    static func hash(_ text: String) -> [UInt8]? {
        guard text.hasPrefix(prefix), Base64URL.bytes(String(text.dropFirst(prefix.count)))?.count == randomByteCount
        else { return nil }
        return Array(SHA256.hash(data: Array(text.utf8)))
    }
}
