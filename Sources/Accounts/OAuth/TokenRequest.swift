import Encodings
package import HTTPTypes
import JSON

/// A POST to a token endpoint, ready to be sent. Its headers and body hold credentials.
package struct TokenRequest: Sendable {
    package var url: String
    package var headers: Secret<HTTPFields>
    package var body: Secret<[UInt8]>
}

extension OAuthClient {
    /// Trades the code of a redirect for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
    package func tokenRequest(
        code: Secret<String>, redirectURI: String, verifier: Secret<String>?
    ) -> TokenRequest {
        var form = OAuthForm()
        form.set("grant_type", "authorization_code")
        form.set("code", code.exposed())
        form.set("redirect_uri", redirectURI)
        form.set("code_verifier", verifier?.exposed())
        return request(form, to: tokenURL, adding: tokenParameters)
    }

    /// RFC 6749 §6. The scope is left out: the new token has that of the old one.
    package func refreshRequest(refreshToken: Secret<String>) -> TokenRequest {
        var form = OAuthForm()
        form.set("grant_type", "refresh_token")
        form.set("refresh_token", refreshToken.exposed())
        return request(form, to: refreshURL ?? tokenURL, adding: refreshParameters)
    }

    /// RFC 6749 §4.4.2.
    package func clientCredentialsRequest() -> TokenRequest {
        var form = OAuthForm()
        form.set("grant_type", "client_credentials")
        if !scopes.isEmpty { form.set("scope", scopes.joined(separator: scopeSeparator)) }
        return request(form, to: tokenURL, adding: tokenParameters)
    }

    private func request(_ form: OAuthForm, to url: String, adding extra: JSONObject) -> TokenRequest {
        var form = form
        var headers: HTTPFields = [.acceptedType: "application/json"]
        if clientInHeader {
            // Both halves are form-encoded before they are put together (RFC 6749 §2.3.1).
            let pair = "\(PercentEncoding.encoded(clientID)):\(PercentEncoding.encoded(clientSecret?.exposed() ?? ""))"
            headers[.clientCredentials] = "Basic \(Base64.text(pair.utf8))"
        } else {
            form.set("client_id", clientID)
            form.set("client_secret", clientSecret?.exposed())
        }
        form.add(extra)
        headers[.bodyType] = tokenRequestIsJSON ? "application/json" : "application/x-www-form-urlencoded"
        let body = tokenRequestIsJSON ? form.json.bytes() : Array(form.encoded.utf8)
        return TokenRequest(url: url, headers: Secret(headers), body: Secret(body))
    }
}

extension HTTPField.Name {
    // In the letters that are sent.
    fileprivate static let acceptedType = Self("accept")!
    fileprivate static let clientCredentials = Self("authorization")!
    fileprivate static let bodyType = Self("content-type")!
}
