/// What the browser brings back from the authorization page.
package struct AuthorizationResponse: Sendable {
    package var code: String?
    package var state: String?
    package var error: String?
    package var errorDescription: String?
    package var issuer: String?

    /// - Parameter query: the parameters of the redirect; of a name given twice the value must not be used (RFC 6749
    ///   §3.1), so it counts as absent.
    package init(query: [(name: String, value: String)]) {
        func one(_ name: String) -> String? {
            let found = query.filter { $0.name == name }
            return found.count == 1 && !found[0].value.isEmpty ? found[0].value : nil
        }
        code = one("code")
        state = one("state")
        error = one("error")
        errorDescription = one("error_description")
        issuer = one("iss")
    }

    /// The code, if the redirect is the response to `request`.
    ///
    /// The state is compared before anything else of it is believed, then the issuer (RFC 9207 §2.4): against a server
    /// that passes another one's code on.
    ///
    /// - Throws: `OAuthFailure`.
    package func code(state expected: Secret<String>, client: OAuthClient) throws(OAuthFailure) -> Secret<String> {
        guard let state, equalInConstantTime(state.utf8, expected.exposed().utf8) else {
            throw OAuthFailure("invalid_state", "the redirect does not belong to this connection; start again")
        }
        if let expected = client.issuer {
            if let issuer, issuer != expected {
                throw OAuthFailure("invalid_issuer", "the redirect comes from another authorization server")
            }
            if issuer == nil, client.requiresIssuer {
                throw OAuthFailure("invalid_issuer", "the redirect does not name its authorization server")
            }
        }
        if let error { throw OAuthFailure(error, errorDescription ?? "the authorization server said \(error)") }
        guard let code else { throw OAuthFailure("invalid_request", "the redirect brings no code") }
        return Secret(code)
    }
}

/// What an authorization server, or its response, refused.
package struct OAuthFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// An error code of RFC 6749 §4.1.2.1 or §5.2, or one of the gateway's own.
    package var code: String
    package var message: String
    /// The status of the response; nil where none came.
    package var status: Int?

    package init(_ code: String, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    package var description: String { "\(code): \(message)" }
}
