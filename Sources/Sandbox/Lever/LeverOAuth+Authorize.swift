extension LeverOAuth {
    /// What the authorization page does with the browser.
    enum Authorization: Sendable {
        /// Sends it back, with a code or with an error.
        case redirect(String)
        /// Asks the person first: whether the client may have these scopes.
        case ask(client: String, scopes: [String])
    }

    enum Decision: String, Sendable {
        case allow, deny
    }

    /// - Parameters:
    ///   - decision: the person's, once they were asked.
    ///   - issuer: this server's identity, which goes back with every answer (RFC 9207).
    /// - Throws: only what must not be sent to an unchecked address (RFC 6749 §4.1.2.1).
    func authorize(
        _ query: FormEncoding, decision: Decision?, issuer: String
    ) throws(OAuthFault) -> Authorization {
        guard let client = clients.first(where: { $0.id == query["client_id"] }) else { throw .client }
        guard let redirect = query["redirect_uri"], !redirect.isEmpty else {
            throw .request("redirect_uri is missing")
        }
        if let known = client.redirectURIs, !known.contains(redirect) {
            throw .request("redirect_uri is not registered")
        }
        var answer: [(String, String)]
        do throws(OAuthFault) {
            let grant = try grant(query, client, redirect)
            switch decision ?? (autoApproves ? .allow : nil) {
            case .allow: answer = [("code", consent(grant))]
            case .deny: throw OAuthFault(status: 302, error: "access_denied", description: "The person said no")
            case nil: return .ask(client: client.id, scopes: grant.scopes)
            }
        } catch {
            answer = [("error", error.error), ("error_description", error.description)]
        }
        if let state = query["state"] { answer.append(("state", state)) }
        answer.append(("iss", issuer))
        let text = answer.map { "\($0.0)=\(FormEncoding.encode($0.1))" }.joined(separator: "&")
        return .redirect("\(redirect)\(redirect.contains("?") ? "&" : "?")\(text)")
    }

    private func grant(
        _ query: FormEncoding, _ client: LeverOAuthClient, _ redirect: String
    ) throws(OAuthFault) -> OAuthTokens.Grant {
        guard query["response_type"] == "code" else {
            throw OAuthFault(
                status: 302, error: "unsupported_response_type", description: "response_type must be code"
            )
        }
        guard query["audience"]?.isEmpty == false else { throw .request("audience is missing") }
        return OAuthTokens.Grant(
            client: client.id, redirectURI: redirect,
            scopes: (query["scope"] ?? "").split(separator: " ").map(String.init), challenge: try CodeChallenge(query)
        )
    }
}
