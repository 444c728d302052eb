import AsyncHTTPClient
import JSON
import NIOCore
import Synchronization
import Testing

@testable import Sandbox

@Suite struct LeverAccessTests {
    private static let redirect = "http://127.0.0.1:1/callback"
    private static let authorize =
        "/authorize?response_type=code&client_id=\(LeverSeed.oauthClientID)&state=s%201&audience=a"
        + "&redirect_uri=\(FormEncoding.encode(redirect))"

    private func code(_ run: Running, scope: String) async throws -> String {
        let location = try await run.location("\(Self.authorize)&scope=\(FormEncoding.encode(scope))")
        #expect(location.hasPrefix(Self.redirect + "?"))
        let query = FormEncoding(location.split(separator: "?").last ?? "")
        #expect(query["state"] == "s 1")
        return try #require(query["code"])
    }

    private func token(_ run: Running, _ fields: [(String, String)]) async throws -> Running.Answer {
        let all = [("client_id", LeverSeed.oauthClientID), ("client_secret", LeverSeed.oauthClientSecret)] + fields
        let body = all.map { "\($0.0)=\(FormEncoding.encode($0.1))" }.joined(separator: "&")
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

    private func users(_ run: Running, _ answer: Running.Answer) async throws -> Int {
        let token = answer.json["access_token"]?.string ?? ""
        return try await run.send("GET", "/v1/users", authorization: "Bearer \(token)").status
    }

    @Test func `a consent gives tokens that work, rotate, and die together when one is used twice`() async throws {
        try await withSandbox { run in
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
        try await withSandbox { run in
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
        try await withSandbox { run in
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
        try await withSandbox { run in
            let body = "\(fields)&client_id=\(LeverSeed.oauthClientID)&client_secret=\(LeverSeed.oauthClientSecret)"
            let answer = try await run.send(
                "POST", "/oauth/token", authorization: nil,
                headers: [("content-type", "application/x-www-form-urlencoded")], body: .bytes(ByteBuffer(string: body)))
            #expect(answer.status == (error == "invalid_client" ? 401 : 400))
            #expect(answer.json["error"]?.string == error)
        }
    }

    @Test(arguments: [("response_type=code", "response_type=token"), ("audience=a", "audience=")])
    func `an authorization that lacks something goes back with an error`(part: String, wrong: String) async throws {
        try await withSandbox { run in
            let location = try await run.location(Self.authorize.replacing(part, with: wrong))
            #expect(location.contains("error=") && location.contains("state=s%201"))
        }
    }

    @Test func `an unknown client is not sent anywhere`() async throws {
        try await withSandbox { run in
            let answer = try await run.send("GET", "/authorize?client_id=x&redirect_uri=http://127.0.0.1:1")
            #expect(answer.status == 401)
        }
    }

    @Test func `twenty calls may come at once, then ten a second`() async throws {
        let now = Mutex<Int64>(1_800_000_000_000)
        try await withSandbox(SandboxOptions(clock: { now.withLock { $0 } })) { run in
            var statuses: [Int] = []
            for _ in 0..<22 { statuses.append(try await run.send("GET", "/v1/users").status) }
            #expect(statuses == Array(repeating: 200, count: 20) + [429, 429])
            now.withLock { $0 += 100 }
            #expect(try await run.send("GET", "/v1/users").status == 200)
            let refused = try await run.send("GET", "/v1/users")
            #expect(refused.status == 429)
            #expect(refused.json["code"] == "TooManyRequests")
            #expect(refused.headers["retry-after"] == nil)
        }
    }

    @Test func `confidential opportunities are for those who may see them`() async throws {
        try await withSandbox { (run) async throws in
            let path = "/v1/opportunities/\(LeverSeed.confidentialOpportunity)"
            let reader = "Basic " + base64("\(LeverSeed.readOnlyKey):")
            #expect(try await run.send("GET", path).status == 200)
            #expect(try await run.send("GET", path, authorization: reader).status == 404)
            let all = "/v1/opportunities?confidentiality=all"
            #expect(try await run.send("GET", all).json["data"]?.array?.count == 3)
            #expect(try await run.send("GET", all, authorization: reader).json["data"]?.array?.count == 2)
            #expect(try await run.send("GET", "/v1/opportunities").json["data"]?.array?.count == 2)
        }
    }
}
