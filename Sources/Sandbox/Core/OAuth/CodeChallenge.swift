import Crypto
import Encodings

/// What binds a code to whoever asked for it (RFC 7636). Only S256: `plain` protects nothing (RFC 9700 §2.1.1).
struct CodeChallenge: Sendable, Hashable {
    /// BASE64URL(SHA256(verifier)), without padding.
    let text: String

    /// Nil where the authorization request brings none.
    init?(_ query: FormEncoding) throws(OAuthFault) {
        guard let text = query["code_challenge"] else {
            guard query["code_challenge_method"] == nil else { throw .request("code_challenge is missing") }
            return nil
        }
        // Without a method it would be `plain` (RFC 7636 §4.3).
        guard query["code_challenge_method"] == "S256" else { throw .request("code_challenge_method must be S256") }
        // 32 bytes.
        guard text.utf8.count == 43 else { throw .request("code_challenge is no SHA-256") }
        self.text = text
    }

    func fits(_ verifier: String) -> Bool {
        text == Base64URL.text(SHA256.hash(data: Array(verifier.utf8)))
    }
}
