import Accounts
import Catalog
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Sandbox
import Synchronization
import Testing

@Suite struct CredentialRoutesTests {
    private func send(_ gateway: TestGateway, _ method: HTTPMethod, _ path: String, _ body: JSONValue) async throws -> Answer {
        try await gateway.call(
            method, path, headers: [("content-type", "application/json")], body: ByteBuffer(bytes: body.bytes()))
    }

    private func refresh(_ gateway: TestGateway, _ id: String) async throws -> Answer {
        try await send(gateway, .POST, "/integrated-account/refresh-credentials", ["id": .string(id)])
    }

    @Test func `a refresh is made on demand, or says why not`() async throws {
        try await TestGateway.run { (gateway) async throws in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            let done = try await refresh(gateway, account)
            #expect(done.status == 200)
            #expect(done.json == ["success": true])
            #expect(try await gateway.sandbox.oauth()["refreshes"] == 1)

            let key = try await refresh(gateway, gateway.accountID)
            #expect(key.status == 409)
            #expect(key.json["code"] == "credentials_not_refreshable")
            #expect(try await refresh(gateway, "00000000-0000-4000-8000-000000000000").status == 404)
            let empty = try await send(gateway, .POST, "/integrated-account/refresh-credentials", [:])
            #expect(empty.status == 400)
            #expect(empty.json["param"] == "id")

            try await gateway.behave(["match": ["path": "/oauth/token"], "do": ["status": 500, "read_body": true]])
            let failed = try await refresh(gateway, account)
            #expect(failed.status == 502)
            #expect(failed.json["code"] == "credentials_refresh_failed")
            let shown = try await gateway.call(.GET, "/integrated-account/\(account)").json
            #expect(shown["status"] == "active")
            #expect(shown["last_error"]?["code"] == "server_error")

            try await gateway.behaveWell()
            #expect(try await refresh(gateway, account).status == 200)
            #expect(try await gateway.call(.GET, "/integrated-account/\(account)").json["last_error"] == .null)
            _ = try await gateway.sandbox.control(.POST, "settings", ["revoke_consents": true])
            let dead = try await refresh(gateway, account)
            #expect(dead.json["code"] == "credentials_not_refreshable")
            #expect(try await gateway.call(.GET, "/integrated-account/\(account)").json["status"] == "needs_reauth")
        }
    }

    @Test func `what an environment lacks for refreshing is named`() async throws {
        try await TestGateway.run { (gateway) async throws in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            try await gateway.accounts.install(
                gateway.sandbox.demo, override: ["base_url": .string(gateway.sandbox.baseURL)],
                environment: gateway.environmentID)
            let failed = try await refresh(gateway, account)
            #expect(failed.status == 502)
            #expect(failed.json["message"]?.string?.contains("lever_client") == true, "\(failed.json.text())")
            let shown = try await gateway.call(.GET, "/integrated-account/\(account)").json
            #expect(shown["last_error"]?["code"] == "invalid_client")
        }
    }

    @Test func `a token endpoint is called within the egress policy`() async throws {
        let rules = OverrideRules(hosts: ["127.0.0.1", "169.254.169.254"])
        try await TestGateway.run(overrides: rules) { (gateway) async throws in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            let config: JSONValue = [
                "client": ["id": "x", "secret": "a-secret"], "auth": ["tokenHost": "https://169.254.169.254"],
            ]
            let elsewhere: JSONValue = ["oauth2": ["config": config]]
            let override: JSONObject = ["base_url": .string(gateway.sandbox.baseURL), "credentials": elsewhere]
            try await gateway.accounts.install(
                gateway.sandbox.demo, override: override, environment: gateway.environmentID)
            let failed = try await refresh(gateway, account)
            #expect(failed.json["code"] == "credentials_refresh_failed")
            let shown = try await gateway.call(.GET, "/integrated-account/\(account)").json
            #expect(shown["last_error"]?["code"] == "egress_refused")
            #expect(shown["status"] == "active")
        }
    }

    @Test func `credentials are replaced by the rules of the account's own patch`() async throws {
        try await TestGateway.run { (gateway) async throws in
            let path = "/integrated-account/\(gateway.accountID)/credentials"
            let cases: [(JSONValue, Int, String?)] = [
                ([:], 400, "context"), (["context": "x"], 400, "context"),
                (["context": [:], "authentication_method": "magic"], 400, "authentication_method"),
                (["context": ["api_key": "x"], "version": 999], 409, "version"),
            ]
            for (body, status, param) in cases {
                let response = try await send(gateway, .PATCH, path, body)
                #expect(response.status == status, "\(body.text()): \(response.json.text())")
                #expect(response.json["param"]?.string == param)
            }
            let replaced = try await send(
                gateway, .PATCH, path,
                ["context": ["api_key": .string(LeverSeed.readOnlyKey), "perform_as": .string(TestGateway.performAs)]])
            #expect(replaced.status == 200)
            #expect(!replaced.json.text().contains(LeverSeed.readOnlyKey))
            #expect(try await gateway.upload(Form(Form.resume)).status == 403)

            let other = try await gateway.accounts.environments.create(name: "Other").id
            let stranger = try await gateway.accounts.tokens.create(name: "x", environment: other).secret.exposed()
            let hidden = try await gateway.call(
                .PATCH, path, headers: [("content-type", "application/json")], body: ByteBuffer(string: #"{"context":{}}"#),
                authorization: "Bearer \(stranger)")
            #expect(hidden.status == 404)
        }
    }

    @Test func `no token shows, whatever a token endpoint says`() async throws {
        let capture = SecretTests.Capture()
        var responses: [String] = []
        var secrets = [LeverSeed.oauthClientSecret]
        try await TestGateway.run(logger: Logger(label: "capture") { _ in capture }) { (gateway) async throws in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            let stored = try await gateway.accounts.integratedAccounts.resolve(account, environment: gateway.environmentID)
            for name in ["access_token", "refresh_token"] {
                let context = JSONValue.object(stored.context.exposed())
                secrets.append(try #require(context[path: ["oauth", "token", name]]?.string))
            }
            let echo: JSONValue = [
                "error": "invalid_scope",
                "error_description": .string("refused: \(secrets.joined(separator: " "))"),
            ]
            try await gateway.behave([
                "match": ["path": "/oauth/token"], "times": 1, "do": ["status": 400, "body": echo, "read_body": true],
            ])
            responses.append(try await refresh(gateway, account).json.text())
            responses.append(try await refresh(gateway, account).json.text())
            _ = try await gateway.sandbox.control(.POST, "settings", ["revoke_consents": true])
            for query in ["", "&truto_response_format=debug", "&truto_response_format=raw"] {
                let response = try await gateway.call(
                    .POST, "/unified/ats/attachments?integrated_account_id=\(account)\(query)",
                    headers: [("content-type", Form(Form.resume).contentType)], body: Form(Form.resume).body)
                responses.append(String(buffer: response.body))
            }
            responses.append(try await gateway.call(.GET, "/integrated-account/\(account)").json.text())
            responses.append(try await gateway.call(.GET, "/environment-integration").json.text())
            let renewed = try await gateway.accounts.integratedAccounts.reread(account, environment: gateway.environmentID)
            for name in ["access_token", "refresh_token"] {
                let context = JSONValue.object(renewed.context.exposed())
                secrets.append(try #require(context[path: ["oauth", "token", name]]?.string))
            }
        }
        #expect(Set(secrets).count == 5)
        let lines = capture.lines.withLock { $0 }
        #expect(lines.contains { $0.contains("authentication_error") })
        for secret in secrets {
            #expect(!lines.contains { $0.contains(secret) })
            #expect(!responses.contains { $0.contains(secret) })
        }
    }
}
