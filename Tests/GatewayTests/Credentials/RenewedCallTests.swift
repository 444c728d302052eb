import Accounts
import Catalog
import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Storage
import Testing

/// docs/wire.md#errors and #retries: what a provider's 401 means for a call and for its account.
@Suite struct RenewedCallTests {
    private static let hour: JSONValue = ["advance_ms": 3_700_000]

    /// An OAuth account of a gateway whose access token only the provider knows to have ended.
    private func ended(_ gateway: TestGateway) async throws -> String {
        let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
        _ = try await gateway.sandbox.control(.POST, "clock", Self.hour)
        return account
    }

    private func upload(_ gateway: TestGateway, _ account: String, _ form: Form, query: String = "") async throws -> Answer {
        try await gateway.call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(account)\(query)",
            headers: [("content-type", form.contentType)], body: form.body)
    }

    private func account(_ gateway: TestGateway, _ id: String) async throws -> JSONValue {
        try await gateway.call(.GET, "/integrated-account/\(id)").json
    }

    private func events(_ gateway: TestGateway) async throws -> [String] {
        try await gateway.accounts.webhooks.deliveries(environment: gateway.environmentID).result.map(\.event)
    }

    private func listen(_ gateway: TestGateway) async throws {
        _ = try await gateway.accounts.webhooks.create(
            WebhookPatch(targetURL: "https://hooks.example/x"), environment: gateway.environmentID)
    }

    @Test(arguments: [
        "", "&truto_response_format=raw", "&truto_response_format=stream", "&truto_response_format=debug",
        "&truto_response_format=normalized",
    ])
    func `a call that is refused is sent once more with new credentials`(query: String) async throws {
        try await TestGateway.run { gateway in
            let account = try await ended(gateway)
            let response = try await upload(gateway, account, Form(Form.resume), query: query)
            #expect(response.status == 200 || response.status == 201, "\(response.json.text())")
            #expect(try await gateway.sandbox.uploads() == 1)
            #expect(try await gateway.sandbox.requests("/v1/uploads").map { $0["status"]?.int } == [401, 201])
            #expect(try await gateway.sandbox.oauth()["refreshes"] == 1)
        }
    }

    @Test func `a list and a body that is passed on are sent once more too`() async throws {
        try await TestGateway.run { gateway in
            let account = try await ended(gateway)
            let path = "/unified/ats/attachments?integrated_account_id=\(account)"
            let list = try await gateway.call(.GET, "\(path)&candidate_id=\(LeverSeed.opportunityWithFiles)")
            #expect(list.status == 200, "\(list.json.text())")
            _ = try await gateway.sandbox.control(.POST, "clock", Self.hour)
            let passed = try await upload(gateway, account, Form(Form.resume), query: "&truto_body_passthrough=true")
            #expect(passed.status == 200, "\(passed.json.text())")
            #expect(try await gateway.sandbox.oauth()["refreshes"] == 2)
        }
    }

    @Test func `a file that streams is sent once, and its caller learns that it can be sent again`() async throws {
        try await TestGateway.run { gateway in
            let account = try await ended(gateway)
            let form = Form(.file("file", name: "a.pdf", type: nil, bytes: [UInt8](repeating: 7, count: 3 << 20)))
            let response = try await upload(gateway, account, form)
            #expect(response.status == 401)
            #expect(response.json["truto_is_remote_error"] == true)
            #expect(response.json["hint"]?.string?.contains("send the call again") == true)
            #expect(try await self.account(gateway, account)["status"] == "active")
            #expect(try await upload(gateway, account, form).status == 200)
            #expect(try await gateway.sandbox.oauth()["refreshes"] == 1)
        }
    }

    @Test func `an authorization that has ended turns the account once, and says why and what to do`() async throws {
        try await TestGateway.run { gateway in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            try await listen(gateway)
            _ = try await gateway.sandbox.control(.POST, "settings", ["revoke_consents": true])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await upload(gateway, account, Form(Form.resume)).status }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [401])
            let dead = try await self.account(gateway, account)
            #expect(dead["status"] == "needs_reauth")
            #expect(dead["last_error"]?["code"] == "invalid_grant")
            #expect(dead["last_error"]?["next_step"]?.string?.contains("link token") == true)
            #expect(try await events(gateway) == ["integrated_account:authentication_error"])

            // The provider is not asked again by every call.
            let asked = try await gateway.sandbox.requests("/oauth/token").count
            #expect(try await upload(gateway, account, Form(Form.resume)).status == 401)
            #expect(try await gateway.sandbox.requests("/oauth/token").count == asked)

            let token = try await LeverConsent.token(at: gateway.sandbox.baseURL)
            let replaced = try await gateway.call(
                .PATCH, "/integrated-account/\(account)/credentials", headers: [("content-type", "application/json")],
                body: ByteBuffer(
                    bytes: JSONValue.object(
                        ["context": ["oauth": ["token": .object(token)], "perform_as": .string(TestGateway.performAs)]]).bytes()))
            #expect(replaced.json["status"] == "active")
            #expect(replaced.json["last_error"] == .null)
            #expect(try await upload(gateway, account, Form(Form.resume)).status == 200)
            let told = try await events(gateway)
            #expect(Set(told.dropFirst()) == ["integrated_account:updated", "integrated_account:active"])
        }
    }

    @Test func `an account without refreshing turns at once, and back when its key is taken after all`() async throws {
        try await TestGateway.run { (gateway) async throws in
            try await listen(gateway)
            try await gateway.behave([
                "match": ["path": "/v1/uploads"], "times": 1, "do": ["status": 401, "body": ["message": "no"], "read_body": true],
            ])
            let refused = try await gateway.upload(Form(Form.resume))
            #expect(refused.status == 401)
            let dead = try await account(gateway, gateway.accountID)
            #expect(dead["status"] == "needs_reauth")
            #expect(dead["last_error"]?["code"] == "credentials_refused")
            #expect(try await gateway.upload(Form(Form.resume)).status == 200)
            let alive = try await account(gateway, gateway.accountID)
            #expect(alive["status"] == "active")
            #expect(alive["last_error"] == .null)
            #expect(
                Set(try await events(gateway)) == [
                    "integrated_account:authentication_error", "integrated_account:reactivated",
                ])
        }
    }

    @Test func `credentials that are refused right after they were renewed are given up`() async throws {
        try await TestGateway.run { (gateway) async throws in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            try await gateway.behave([
                "match": ["path": "/v1/uploads"], "do": ["status": 401, "body": ["message": "no"], "read_body": true],
            ])
            for _ in 0..<3 { #expect(try await upload(gateway, account, Form(Form.resume)).status == 401) }
            #expect(try await self.account(gateway, account)["last_error"]?["code"] == "credentials_refused")
            #expect(try await gateway.sandbox.oauth()["refreshes"] == 1)
            #expect(try await gateway.sandbox.requests("/v1/uploads").count == 4)
        }
    }

    @Test func `a client has a token for itself before its first call, by header and JSON where it says so`() async throws {
        let definition = try SandboxDefinition.lever.overridden(by: LeverSeed.clientHasGrants)
        // An environment's own way of signing in, which reads the client's secret, needs the operator's consent.
        let rules = OverrideRules(hosts: ["127.0.0.1"], maySeeSecrets: true)
        try await TestGateway.run(sandbox: definition, overrides: rules) { (gateway) async throws in
            let base = JSONValue.string(gateway.sandbox.baseURL)
            let override: JSONObject = [
                "base_url": base,
                "credentials": [
                    "machine": [
                        "format": "oauth2_client_credentials",
                        "config": [
                            "client": ["id": "{{client_id}}", "secret": "{{client_secret}}"],
                            "auth": ["tokenHost": base, "tokenPath": "/oauth/token"],
                            "options": ["authorizationMethod": "header", "bodyFormat": "json", "scopeSeparator": " "],
                            "scope": ["uploads:write:admin"],
                        ],
                    ]
                ],
                "authorization": ["machine": ["format": "bearer", "config": ["token": "{{oauth.token.access_token}}"]]],
            ]
            try await gateway.accounts.install(gateway.sandbox.demo, override: override, environment: gateway.environmentID)
            let account = try await gateway.accounts.integratedAccounts.create(
                NewIntegratedAccount(
                    tenantID: "acme", installation: .integration("lever"), authenticationMethod: "machine",
                    context: Secret([
                        "client_id": .string(LeverSeed.oauthClientID),
                        "client_secret": .string(LeverSeed.oauthClientSecret),
                    ])),
                environment: gateway.environmentID
            ).id
            #expect(try await upload(gateway, account, Form(Form.resume)).status == 200)
            _ = try await gateway.sandbox.control(.POST, "clock", Self.hour)
            #expect(try await upload(gateway, account, Form(Form.resume)).status == 200)
            let asked = try await gateway.sandbox.requests("/oauth/token")
            #expect(asked.map { $0["status"]?.int } == [200, 200])
            #expect(asked.allSatisfy { $0["headers"]?["authorization"] == "Basic ****" })
            let body = try JSONValue.parse(asked[0]["body"]?.string ?? "")
            #expect(body == ["grant_type": "client_credentials", "scope": "uploads:write:admin"])
        }
    }
}
