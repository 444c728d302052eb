package import Accounts
package import Catalog
package import JSON
import Upstream

extension ConnectService {
    /// Begins the authorization code grant: keeps what must be found when the browser comes back.
    ///
    /// - Parameters:
    ///   - redirectURI: where the vendor sends the browser back to; must be registered there to the letter.
    ///   - session: names the browser, so that nobody else's browser can finish what this one began.
    /// - Returns: the vendor's address to send the browser to.
    package func authorize(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, values: JSONObject, redirectURI: String,
        session: String
    ) async throws -> String {
        let entered = try Self.checked(choice.fields(of: method), values)
        let context = choice.context(entered, persisting: link.request.persistPreviousContext)
        let scopes = link.request.scopes.isEmpty ? nil : link.request.scopes
        let request = try Self.client(method, context, choice).authorizationRequest(
            redirectURI: redirectURI, scopes: scopes)
        var flow: JSONObject = [
            "state": .string(request.state.exposed()), "redirect_uri": .string(redirectURI),
            "integration": .string(choice.integration.name), "method": .string(method.name),
            "values": .object(entered), "session": .string(session),
        ]
        flow["verifier"] = request.verifier.map { .string($0.exposed()) }
        try await accounts.linkTokens.keep(flow: Secret(flow), for: link)
        return request.url
    }

    /// What `authorize` has kept, if the browser brings its state back; once.
    package func takeFlow(
        _ link: LinkToken, integration: String, state: String?, session: String
    ) async throws -> Secret<JSONObject>? {
        guard let state else { return nil }
        return try await accounts.linkTokens.takeFlow(of: link) { flow in
            flow["integration"]?.string == integration && flow["session"]?.string == session
                && Secret(flow["state"]?.string ?? "").equals(state)
        }
    }

    /// Ends the authorization code grant and connects.
    ///
    /// - Throws: as `connect`.
    package func finish(
        _ link: LinkToken, _ choice: ConnectChoice, flow: Secret<JSONObject>, _ response: AuthorizationResponse
    ) async throws -> ConnectedAccount {
        let kept = flow.exposed()
        guard let method = choice.methods.first(where: { $0.name == kept["method"]?.string }) else {
            throw ConnectFailure.notOffered
        }
        var values = kept["values"]?.object ?? [:]
        let context = choice.context(values, persisting: link.request.persistPreviousContext)
        let client = try Self.client(method, context, choice)
        let code: Secret<String>
        do {
            code = try response.code(state: Secret(kept["state"]?.string ?? ""), client: client)
        } catch {
            throw Self.failure(error, choice)
        }
        let request = client.tokenRequest(
            code: code, redirectURI: kept["redirect_uri"]?.string ?? "",
            verifier: (kept["verifier"]?.string).map { Secret($0) })
        values["oauth"] = try await tokens(client, request, choice)
        return try await store(link, choice, method, values)
    }

    static func client(
        _ method: Credential, _ context: JSONObject, _ choice: ConnectChoice
    ) throws(ConnectFailure) -> OAuthClient {
        do {
            return try OAuthClient(
                method, of: choice.integration, context: context, openContext: choice.openContext(context))
        } catch {
            throw ConnectFailure(
                .connectionError, "The connection to \(choice.integration.label) is not set up: \(error.message)")
        }
    }

    /// `oauth` of a context, with the tokens that a token endpoint answered.
    func tokens(
        _ client: OAuthClient, _ request: TokenRequest, _ choice: ConnectChoice
    ) async throws(ConnectFailure) -> JSONValue {
        let response: TokenResponse
        do { response = try await upstream.send(request) } catch {
            throw ConnectFailure(
                .connectionError, "\(choice.integration.label) cannot be reached at the moment. Try again in a minute.")
        }
        do { return .object(["token": .object(try client.tokens(response).exposed())]) } catch {
            throw Self.failure(error, choice, client.grant)
        }
    }

    private static func failure(
        _ failure: OAuthFailure, _ choice: ConnectChoice, _ grant: OAuthClient.Grant = .refreshToken
    ) -> ConnectFailure {
        let label = choice.integration.label
        return switch failure.code {
        // The client is what the person has entered; with the other grant it is the application's.
        case "invalid_client" where grant == .clientCredentials, "unauthorized_client" where grant == .clientCredentials:
            ConnectFailure(
                .connectionError, "\(label) did not accept these credentials. Check that they are whole, and that the client may be used.")
        case "access_denied": ConnectFailure(.connectionError, "Access to \(label) was not allowed. You can try again.")
        case "invalid_issuer":
            ConnectFailure(.connectionError, "The response did not come from \(label). Nothing was connected.")
        default: ConnectFailure(.connectionError, "\(label) refused the connection: \(failure.message)")
        }
    }
}
