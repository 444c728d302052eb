import Crypto
import Encodings

/// The text of a token that is looked up by its hash: a prefix, so that scanners for leaked secrets know it, and 256
/// random bits.
enum TokenText {
    enum Kind: String {
        case api = "att_"
        case link = "attlink_"
    }

    private static let randomByteCount = 32

    static func make(_ effects: Effects, kind: Kind = .api) -> Secret<String> {
        Secret(kind.rawValue + Base64URL.text(effects.randomBytes(randomByteCount)))
    }

    /// SHA-256 as it is stored. A fast hash serves, because 256 random bits cannot be guessed one by one.
    ///
    /// Nil where the text cannot be a token; that saves the look-up and tells nothing, since the form is public.
    static func hash(_ text: String, kind: Kind = .api) -> [UInt8]? {
        let prefix = kind.rawValue
        guard text.hasPrefix(prefix), Base64URL.bytes(text.utf8.dropFirst(prefix.utf8.count))?.count == randomByteCount
        else { return nil }
        return SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { Array($0) }
    }
}
