import Crypto
import Encodings

/// The first half of the authorization code grant: where the person is sent, and what must be kept until they return.
package struct AuthorizationRequest: Sendable {
    /// Where to send the browser.
    package var url: String
    /// 256 random bits that come back unchanged (RFC 6749 §10.12). Keep it bound to the browser's session.
    package var state: Secret<String>
    /// The code verifier (RFC 7636 §4.1); nil where the server is known to refuse it.
    package var verifier: Secret<String>?
    /// What the token request must repeat to the letter (RFC 6749 §4.1.3).
    package var redirectURI: String
}

extension OAuthClient {
    /// - Throws: `.invalid` where the integration has no address for it.
    package func authorizationRequest(
        redirectURI: String, scopes: [String]? = nil, effects: Effects = .live
    ) throws(AccountsError) -> AuthorizationRequest {
        guard let authorizeURL else {
            throw .invalid("authentication_method", "this integration has no authorization page")
        }
        let state = Base64URL.text(effects.randomBytes(32))
        let verifier = pkce ? Base64URL.text(effects.randomBytes(32)) : nil
        var form = OAuthForm()
        form.set("response_type", "code")
        form.set("client_id", clientID)
        form.set("redirect_uri", redirectURI)
        form.set("state", state)
        if let verifier {
            form.set("code_challenge", Self.challenge(verifier))
            form.set("code_challenge_method", "S256")
        }
        let scopes = scopes ?? self.scopes
        if !scopes.isEmpty { form.set("scope", scopes.joined(separator: scopeSeparator)) }
        form.add(parameters)
        return AuthorizationRequest(
            url: Self.appending(form.encoded, to: authorizeURL), state: Secret(state),
            verifier: verifier.map { Secret($0) }, redirectURI: redirectURI
        )
    }

    /// BASE64URL(SHA256(ASCII(verifier))), RFC 7636 §4.2.
    static func challenge(_ verifier: String) -> String {
        Base64URL.text(SHA256.hash(data: Array(verifier.utf8)))
    }

    /// Keeps a query that the address has already, and drops its fragment (RFC 6749 §3.1).
    static func appending(_ query: String, to url: String) -> String {
        let base = url.prefix { $0 != "#" }
        guard let mark = base.firstIndex(of: "?") else { return "\(base)?\(query)" }
        let hasQuery = base.index(after: mark) != base.endIndex && base.last != "&"
        return base + (hasQuery ? "&" : "") + query
    }
}
