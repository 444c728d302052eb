import AsyncHTTPClient
import Encodings
import JSON
import NIOCore
import Testing

@testable import Sandbox

@Suite struct LeverOAuthTests {
    private static let redirect = "http://127.0.0.1:1/callback"
    private static let authorize =
        "/authorize?response_type=code&client_id=\(LeverSeed.oauthClientID)&state=s%201&audience=a"
        + "&redirect_uri=\(PercentEncoding.encoded(redirect))"

    private func code(_ run: Running, scope: String) async throws -> String {
        let location = try await run.location("\(Self.authorize)&scope=\(PercentEncoding.encoded(scope))")
        #expect(location.hasPrefix(Self.redirect + "?"))
        let query = FormEncoding(location.split(separator: "?").last ?? "")
        #expect(query["state"] == "s 1")
        return try #require(query["code"])
    }

    private func token(_ run: Running, _ fields: [(String, String)]) async throws -> Running.Answer {
        let all = [("client_id", LeverSeed.oauthClientID), ("client_secret", LeverSeed.oauthClientSecret)] + fields
        let body = all.map { "\($0.0)=\(PercentEncoding.encoded($0.1))" }.joined(separator: "&")
        return try await run.send(
            "POST", "/oauth/token", authorization: nil,
            headers: [("content-type", "application/x-www-form-urlencoded")], body: .bytes(ByteBuffer(string: body)))
    }

    private func exchange(_ run: Running, scope: String) async throws -> Running.Answer {
        try await token(
            run,
            [
                ("grant_type", "authorization_code"), ("code", code(run, scope: scope)),
                ("redirect_uri", Self.redirect),
            ])
    }

    private func users(_ run: Running, _ response: Running.Answer) async throws -> Int {
        let token = response.json["access_token"]?.string ?? ""
        return try await run.send("GET", "/v1/users", authorization: "Bearer \(token)").status
    }

    @Test func `a consent gives tokens that work, rotate, and die together when one is used twice`() async throws {
        try await withSandbox { (run) async throws in
            let first = try await exchange(run, scope: "users:read:admin offline_access")
            #expect(first.status == 200)
            #expect(first.json["token_type"] == "Bearer")
            #expect(first.json["expires_in"]?.int == 3600)
            #expect(first.json["scope"] == "users:read:admin offline_access")
            #expect(try await users(run, first) == 200)

            let refresh = try #require(first.json["refresh_token"]?.string)
            let second = try await token(run, [("grant_type", "refresh_token"), ("refresh_token", refresh)])
            #expect(second.status == 200)
            #expect(second.json["refresh_token"]?.string != refresh)
            #expect(try await users(run, second) == 200)

            let again = try await token(run, [("grant_type", "refresh_token"), ("refresh_token", refresh)])
            #expect(again.status == 400)
            #expect(again.json["error"] == "invalid_grant")
            #expect(try await users(run, second) == 401)
            let newest = try #require(second.json["refresh_token"]?.string)
            #expect(try await token(run, [("grant_type", "refresh_token"), ("refresh_token", newest)]).status == 400)
        }
    }

    @Test func `a code works once`() async throws {
        try await withSandbox { (run) async throws in
            let code = try await code(run, scope: "users:read:admin")
            let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Self.redirect)]
            let first = try await token(run, fields)
            #expect(first.json["refresh_token"] == nil)
            #expect(try await users(run, first) == 200)
            #expect(try await token(run, fields).json["error"] == "invalid_grant")
            #expect(try await users(run, first) == 401)
        }
    }

    @Test func `scopes limit a bearer and its tokens expire`() async throws {
        try await withSandbox { (run) async throws in
            let token = try await exchange(run, scope: "files:read:admin")
            #expect(try await users(run, token) == 403)
            _ = try await run.post("/_sandbox/clock", ["advance_ms": 3_600_000])
            #expect(try await users(run, token) == 401)
        }
    }

    @Test(arguments: [
        ("grant_type=password", "unsupported_grant_type"), ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        ("grant_type=authorization_code&code=x&redirect_uri=y", "invalid_grant"),
        ("grant_type=authorization_code&code=x", "invalid_request"), ("client_secret=wrong", "invalid_client"),
    ])
    func `the token endpoint refuses by the book`(fields: String, error: String) async throws {
        try await withSandbox { (run) async throws in
            let body = "\(fields)&client_id=\(LeverSeed.oauthClientID)&client_secret=\(LeverSeed.oauthClientSecret)"
            let response = try await run.send(
                "POST", "/oauth/token", authorization: nil,
                headers: [("content-type", "application/x-www-form-urlencoded")], body: .bytes(ByteBuffer(string: body)))
            #expect(response.status == (error == "invalid_client" ? 401 : 400))
            #expect(response.json["error"]?.string == error)
        }
    }

    @Test(arguments: [("response_type=code", "response_type=token"), ("audience=a", "audience=")])
    func `an authorization that lacks something goes back with an error`(part: String, wrong: String) async throws {
        try await withSandbox { (run) async throws in
            let location = try await run.location(Self.authorize.replacing(part, with: wrong))
            #expect(location.contains("error=") && location.contains("state=s%201"))
        }
    }

    @Test func `an unknown client is not sent anywhere`() async throws {
        try await withSandbox { (run) async throws in
            let response = try await run.send("GET", "/authorize?client_id=x&redirect_uri=http://127.0.0.1:1")
            #expect(response.status == 401)
        }
    }

    /// The example of RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    @Test(arguments: [
        ("&code_challenge=\(challenge)&code_challenge_method=S256", verifier, 200),
        ("&code_challenge=\(challenge)&code_challenge_method=S256", "another", 400),
        ("&code_challenge=\(challenge)&code_challenge_method=S256", nil, 400),
        ("", verifier, 400),
    ])
    func `a code is for who can show the verifier of its challenge`(
        query: String, verifier: String?, status: Int
    ) async throws {
        try await withSandbox { (run) async throws in
            let location = try await run.location(Self.authorize + query)
            let code = try #require(FormEncoding(location.split(separator: "?").last ?? "")["code"])
            var fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Self.redirect)]
            if let verifier { fields.append(("code_verifier", verifier)) }
            #expect(try await token(run, fields).status == status)
        }
    }

    @Test(arguments: [
        "&code_challenge=\(challenge)", "&code_challenge=\(challenge)&code_challenge_method=plain",
        "&code_challenge=short&code_challenge_method=S256", "&code_challenge_method=S256",
    ])
    func `only the proof by hash is taken`(query: String) async throws {
        try await withSandbox { (run) async throws in
            #expect(try await run.location(Self.authorize + query).contains("error=invalid_request"))
        }
    }

    @Test func `every redirect names the server that sends it`() async throws {
        try await withSandbox { (run) async throws in
            let issuer = "iss=\(PercentEncoding.encoded(run.sandbox.baseURL + "/"))"
            #expect(try await run.location(Self.authorize).contains(issuer))
            let wrong = Self.authorize.replacing("audience=a", with: "audience=")
            #expect(try await run.location(wrong).contains(issuer))
        }
    }

    @Test func `without approval by itself a person is asked`() async throws {
        try await withSandbox(SandboxOptions(autoApprove: false)) { (run) async throws in
            let page = try await run.send("GET", Self.authorize + "&scope=%3Cb%3E", authorization: nil)
            #expect(page.status == 200)
            let html = String(decoding: page.bytes, as: UTF8.self)
            #expect(html.contains("&lt;b>") && html.contains("&amp;redirect_uri="))
            for (decision, part) in [("allow", "code="), ("deny", "error=access_denied")] {
                let location = try await run.location(
                    Self.authorize, method: "POST", form: "decision=\(decision)"
                )
                #expect(location.hasPrefix(Self.redirect) && location.contains(part))
            }
            _ = try await run.post("/_sandbox/settings", ["auto_approve": true])
            #expect(try await run.location(Self.authorize).contains("code="))
        }
    }

    @Test func `a client names itself by header or form, in a form or in JSON, once`() async throws {
        try await withSandbox { (run) async throws in
            let pair = "Basic " + base64("\(LeverSeed.oauthClientID):\(LeverSeed.oauthClientSecret)")
            let wrong = "Basic " + base64("\(LeverSeed.oauthClientID):wrong")
            let form = "grant_type=refresh_token&refresh_token=x"
            let proof = "&client_id=\(LeverSeed.oauthClientID)&client_secret=\(LeverSeed.oauthClientSecret)"
            let json: JSONValue = ["grant_type": "refresh_token", "refresh_token": "x"]
            let cases: [(String?, String, String, String)] = [
                (pair, "application/x-www-form-urlencoded", form, "invalid_grant"),
                (wrong, "application/x-www-form-urlencoded", form, "invalid_client"),
                (nil, "application/x-www-form-urlencoded", form, "invalid_client"),
                (pair, "application/x-www-form-urlencoded", form + proof, "invalid_request"),
                (pair, "application/json", json.text(), "invalid_grant"),
                (pair, "application/json", "[]", "invalid_request"),
                (pair, "text/plain", form, "invalid_request"),
            ]
            for (authorization, type, body, error) in cases {
                let response = try await run.send(
                    "POST", "/oauth/token", authorization: authorization, headers: [("content-type", type)],
                    body: .bytes(ByteBuffer(string: body)))
                #expect(response.json["error"]?.string == error, "\(type) \(body)")
            }
        }
    }

    @Test func `a client that may gets tokens for itself, and nothing to refresh them with`() async throws {
        let definition = try SandboxDefinition.lever.overridden(by: LeverSeed.clientHasGrants)
        try await withSandbox(SandboxOptions(rateLimit: false), definition) { (run) async throws in
            let fields = [("grant_type", "client_credentials"), ("scope", "users:read:admin offline_access")]
            let response = try await token(run, fields)
            #expect(response.json["refresh_token"] == nil)
            #expect(try await users(run, response) == 200)
        }
        try await withSandbox { (run) async throws in
            let response = try await token(run, [("grant_type", "client_credentials")])
            #expect(response.json["error"] == "unauthorized_client")
        }
    }

    @Test func `consents are counted, and end when they are revoked`() async throws {
        try await withSandbox { (run) async throws in
            let first = try await exchange(run, scope: "users:read:admin offline_access")
            let refresh = try #require(first.json["refresh_token"]?.string)
            let second = try await token(run, [("grant_type", "refresh_token"), ("refresh_token", refresh)])
            let response = try await run.post("/_sandbox/settings", ["revoke_consents": true])
            #expect(response.json["consents"] == 1)
            #expect(response.json["refreshes"] == 1)
            #expect(response.json["revoked_consents"] == 1)
            #expect(try await run.state()["oauth"] == response.json)
            #expect(try await users(run, second) == 401)
        }
    }

    @Test func `the life of new access tokens can be set`() async throws {
        try await withSandbox { (run) async throws in
            _ = try await run.post("/_sandbox/settings", ["access_token_lifetime": 5])
            #expect(try await exchange(run, scope: "users:read:admin").json["expires_in"] == 5)
            #expect(try await run.post("/_sandbox/settings", ["access_token_lifetime": -1]).status == 400)
        }
    }
}
