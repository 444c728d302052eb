import HTTPTypes
import JSON
import Testing

@testable import Accounts

@Suite struct OAuthTests {
    private func client(_ change: (inout OAuthClient) -> Void = { _ in }) -> OAuthClient {
        var client = OAuthClient(
            clientID: "id/1", clientSecret: Secret("s:é"), authorizeURL: "https://auth.example/authorize",
            tokenURL: "https://auth.example/token", scopes: ["files:write", "offline_access"],
            parameters: ["audience": "https://api.example/v1/", "prompt": "consent"], issuer: "https://auth.example"
        )
        change(&client)
        return client
    }

    /// RFC 7636, appendix B.
    @Test func `the challenge is that of the standard's example`() {
        #expect(
            OAuthClient.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
                == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        )
    }

    @Test func `the authorization address carries all that was asked for, encoded`() throws {
        let request = try client().authorizationRequest(
            redirectURI: "https://gateway.example/connect?a=b", effects: World().effects
        )
        let verifier = try #require(request.verifier?.exposed())
        #expect(
            request.url == "https://auth.example/authorize?response_type=code&client_id=id%2F1"
                + "&redirect_uri=https%3A%2F%2Fgateway.example%2Fconnect%3Fa%3Db&state=\(request.state.exposed())"
                + "&code_challenge=\(OAuthClient.challenge(verifier))&code_challenge_method=S256"
                + "&scope=files%3Awrite%20offline_access&audience=https%3A%2F%2Fapi.example%2Fv1%2F&prompt=consent")
        #expect(request.state.exposed() != verifier)
        #expect((43...128).contains(verifier.utf8.count), "RFC 7636 §4.1")
    }

    @Test func `a definition cannot change what the protocol sets`() throws {
        let hostile: JSONObject = ["state": "x", "redirect_uri": "https://evil.example", "code_challenge": "y"]
        let request = try client { $0.parameters = hostile }.authorizationRequest(
            redirectURI: "https://g.example", effects: World().effects
        )
        #expect(!request.url.contains("evil") && !request.url.contains("state=x"))
    }

    @Test(arguments: [
        ("https://a/x", "https://a/x?q"), ("https://a/x?", "https://a/x?q"), ("https://a/x?b=1", "https://a/x?b=1&q"),
        ("https://a/x?b=1&", "https://a/x?b=1&q"), ("https://a/x#f", "https://a/x?q"),
    ]) func `an address keeps its query and loses its fragment`(url: String, expected: String) {
        #expect(OAuthClient.appending("q", to: url) == expected)
    }

    @Test func `the forms of the three token requests`() {
        func body(_ request: TokenRequest) -> String { String(decoding: request.body.exposed(), as: UTF8.self) }
        let secret = "client_id=id%2F1&client_secret=s%3A%C3%A9"
        #expect(
            body(client().tokenRequest(code: Secret("c"), redirectURI: "https://g", verifier: Secret("v")))
                == "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fg&code_verifier=v&\(secret)"
        )
        let refreshing = client { ($0.refreshURL, $0.refreshParameters) = ("https://auth.example/refresh", ["a": 1]) }
            .refreshRequest(refreshToken: Secret("r"))
        #expect(body(refreshing) == "grant_type=refresh_token&refresh_token=r&\(secret)&a=1")
        #expect(refreshing.url == "https://auth.example/refresh")
        let inHeader = client { $0.clientInHeader = true }.clientCredentialsRequest()
        #expect(body(inHeader) == "grant_type=client_credentials&scope=files%3Awrite%20offline_access")
        // Both halves encoded, then base64 of "id%2F1:s%3A%C3%A9".
        #expect(inHeader.headers.exposed()[.authorization] == "Basic aWQlMkYxOnMlM0ElQzMlQTk=")
        let json = client { $0.tokenRequestIsJSON = true }.refreshRequest(refreshToken: Secret("r"))
        #expect(body(json) == #"{"grant_type":"refresh_token","refresh_token":"r","client_id":"id/1","client_secret":"s:é"}"#)
        #expect(!"\(json)".contains("s:é"), "credentials are not printed")
    }

    @Test(arguments: [
        ("state=S&code=c", nil), ("state=S&code=c&iss=https://auth.example", nil), ("state=T&code=c", "invalid_state"),
        ("code=c", "invalid_state"), ("state=S&state=S&code=c", "invalid_state"),
        ("state=S&code=c&iss=https://evil.example", "invalid_issuer"), ("state=S", "invalid_request"),
        ("state=S&code=c&code=d", "invalid_request"), ("state=S&error=access_denied", "access_denied"),
        ("state=T&error=access_denied", "invalid_state"), ("state=S&iss=https://auth.example/&code=c", "invalid_issuer"),
    ]) func `a redirect is believed only when it is the response`(query: String, code: String?) {
        let pairs = query.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return (name: halves[0], value: halves[1])
        }
        do throws(OAuthFailure) {
            let found = try AuthorizationResponse(query: pairs).code(state: Secret("S"), client: client())
            #expect(code == nil && found.exposed() == "c")
        } catch {
            #expect(error.code == code)
        }
    }

    @Test func `a server that always names itself must`() {
        let response = AuthorizationResponse(query: [("state", "S"), ("code", "c")])
        #expect(throws: OAuthFailure.self) {
            try response.code(state: Secret("S"), client: client { $0.requiresIssuer = true })
        }
    }

    @Test(arguments: [
        (200, #"{"access_token":"a","refresh_token":"r","expires_in":60}"#, #"{"access_token":"a","refresh_token":"r","expires_in":60}"#),
        (200, #"{"access_token":"a","refresh_token":""}"#, #"{"access_token":"a","expires_in":7}"#),
        (201, #"{"access_token":"a","expires_in":"60"}"#, #"{"access_token":"a","expires_in":"60"}"#),
        (200, "access_token=a%2Bb+c&expires_in=5", #"{"access_token":"a+b c","expires_in":"5"}"#),
        (200, #"{"error":"invalid_grant"}"#, "invalid_grant"), (400, #"{"error":"invalid_grant"}"#, "invalid_grant"),
        (401, #"{"error":{"code":"invalid_client"}}"#, "invalid_client"), (500, #"{"error":"invalid_grant"}"#, "server_error"),
        (429, "", "server_error"), (200, "{}", "invalid_response"), (200, #"{"access_token":""}"#, "invalid_response"),
        (200, "<html>", "invalid_response"), (404, "gone", "invalid_response"), (302, "", "invalid_response"),
    ]) func `responses are read for what they mean`(status: Int, body: String, expected: String) throws {
        let client = client { $0.tokenLifetime = 7 }
        do throws(OAuthFailure) {
            let tokens = try client.tokens(.json(status, body))
            #expect(JSONValue.object(tokens.exposed()).text() == expected)
        } catch {
            #expect(error.code == expected)
            #expect(!error.message.contains("<html>"))
        }
    }
}
