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

    /// An OAuth account of a house whose access token only the provider knows to have ended.
    private func ended(_ house: House) async throws -> String {
        let account = try await house.accounts.connectByOAuth(house.sandbox, environment: house.environmentID)
        _ = try await house.sandbox.control(.POST, "clock", Self.hour)
        return account
    }

    private func upload(_ house: House, _ account: String, _ form: Form, query: String = "") async throws -> Answer {
        try await house.call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(account)\(query)",
            headers: [("content-type", form.contentType)], body: form.body)
    }

    private func account(_ house: House, _ id: String) async throws -> JSONValue {
        try await house.call(.GET, "/integrated-account/\(id)").json
    }

    private func events(_ house: House) async throws -> [String] {
        try await house.accounts.webhooks.deliveries(environment: house.environmentID).result.map(\.event)
    }

    private func listen(_ house: House) async throws {
        _ = try await house.accounts.webhooks.create(
            WebhookPatch(targetURL: "https://hooks.example/x"), environment: house.environmentID)
    }

    @Test(arguments: [
        "", "&truto_response_format=raw", "&truto_response_format=stream", "&truto_response_format=debug",
        "&truto_response_format=normalized",
    ])
    func `a call that is refused is sent once more with new credentials`(query: String) async throws {
        try await House.run { house in
            let account = try await ended(house)
            let answer = try await upload(house, account, Form(Form.resume), query: query)
            #expect(answer.status == 200 || answer.status == 201, "\(answer.json.text())")
            #expect(try await house.sandbox.uploads() == 1)
            #expect(try await house.sandbox.requests("/v1/uploads").map { $0["status"]?.int } == [401, 201])
            #expect(try await house.sandbox.oauth()["refreshes"] == 1)
        }
    }

    @Test func `a list and a body that is passed on are sent once more too`() async throws {
        try await House.run { house in
            let account = try await ended(house)
            let path = "/unified/ats/attachments?integrated_account_id=\(account)"
            let list = try await house.call(.GET, "\(path)&candidate_id=\(LeverSeed.opportunityWithFiles)")
            #expect(list.status == 200, "\(list.json.text())")
            _ = try await house.sandbox.control(.POST, "clock", Self.hour)
            let passed = try await upload(house, account, Form(Form.resume), query: "&truto_body_passthrough=true")
            #expect(passed.status == 200, "\(passed.json.text())")
            #expect(try await house.sandbox.oauth()["refreshes"] == 2)
        }
    }

    @Test func `a file that streams is sent once, and its caller learns that it can be sent again`() async throws {
        try await House.run { house in
            let account = try await ended(house)
            let form = Form(.file("file", name: "a.pdf", type: nil, bytes: [UInt8](repeating: 7, count: 3 << 20)))
            let answer = try await upload(house, account, form)
            #expect(answer.status == 401)
            #expect(answer.json["truto_is_remote_error"] == true)
            #expect(answer.json["hint"]?.string?.contains("send the call again") == true)
            #expect(try await self.account(house, account)["status"] == "active")
            #expect(try await upload(house, account, form).status == 200)
            #expect(try await house.sandbox.oauth()["refreshes"] == 1)
        }
    }

    @Test func `an authorization that has ended turns the account once, and says why and what to do`() async throws {
        try await House.run { house in
            let account = try await house.accounts.connectByOAuth(house.sandbox, environment: house.environmentID)
            try await listen(house)
            _ = try await house.sandbox.control(.POST, "settings", ["revoke_consents": true])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await upload(house, account, Form(Form.resume)).status }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [401])
            let dead = try await self.account(house, account)
            #expect(dead["status"] == "needs_reauth")
            #expect(dead["last_error"]?["code"] == "invalid_grant")
            #expect(dead["last_error"]?["next_step"]?.string?.contains("link token") == true)
            #expect(try await events(house) == ["integrated_account:authentication_error"])

            // The provider is not asked again by every call.
            let asked = try await house.sandbox.requests("/oauth/token").count
            #expect(try await upload(house, account, Form(Form.resume)).status == 401)
            #expect(try await house.sandbox.requests("/oauth/token").count == asked)

            let token = try await LeverConsent.token(at: house.sandbox.baseURL)
            let replaced = try await house.call(
                .PATCH, "/integrated-account/\(account)/credentials", headers: [("content-type", "application/json")],
                body: ByteBuffer(
                    bytes: JSONValue.object(
                        ["context": ["oauth": ["token": .object(token)], "perform_as": .string(House.performAs)]]).bytes()))
            #expect(replaced.json["status"] == "active")
            #expect(replaced.json["last_error"] == .null)
            #expect(try await upload(house, account, Form(Form.resume)).status == 200)
            let told = try await events(house)
            #expect(Set(told.dropFirst()) == ["integrated_account:updated", "integrated_account:active"])
        }
    }

    @Test func `an account without refreshing turns at once, and back when its key is taken after all`() async throws {
        try await House.run { (house) async throws in
            try await listen(house)
            try await house.behave([
                "match": ["path": "/v1/uploads"], "times": 1, "do": ["status": 401, "body": ["message": "no"], "read_body": true],
            ])
            let refused = try await house.upload(Form(Form.resume))
            #expect(refused.status == 401)
            let dead = try await account(house, house.accountID)
            #expect(dead["status"] == "needs_reauth")
            #expect(dead["last_error"]?["code"] == "credentials_refused")
            #expect(try await house.upload(Form(Form.resume)).status == 200)
            let alive = try await account(house, house.accountID)
            #expect(alive["status"] == "active")
            #expect(alive["last_error"] == .null)
            #expect(
                Set(try await events(house)) == [
                    "integrated_account:authentication_error", "integrated_account:reactivated",
                ])
        }
    }

    @Test func `credentials that are refused right after they were renewed are given up`() async throws {
        try await House.run { (house) async throws in
            let account = try await house.accounts.connectByOAuth(house.sandbox, environment: house.environmentID)
            try await house.behave([
                "match": ["path": "/v1/uploads"], "do": ["status": 401, "body": ["message": "no"], "read_body": true],
            ])
            for _ in 0..<3 { #expect(try await upload(house, account, Form(Form.resume)).status == 401) }
            #expect(try await self.account(house, account)["last_error"]?["code"] == "credentials_refused")
            #expect(try await house.sandbox.oauth()["refreshes"] == 1)
            #expect(try await house.sandbox.requests("/v1/uploads").count == 4)
        }
    }

    @Test func `a client has a token for itself before its first call, by header and JSON where it says so`() async throws {
        let definition = try SandboxDefinition.lever.overridden(by: LeverSeed.clientHasGrants)
        // An environment's own way of signing in, which reads the client's secret, needs the operator's consent.
        let rules = OverrideRules(hosts: ["127.0.0.1"], maySeeSecrets: true)
        try await House.run(sandbox: definition, overrides: rules) { (house) async throws in
            let base = JSONValue.string(house.sandbox.baseURL)
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
            try await house.accounts.install(house.sandbox.demo, override: override, environment: house.environmentID)
            let account = try await house.accounts.integratedAccounts.create(
                NewIntegratedAccount(
                    tenantID: "acme", installation: .integration("lever"), authenticationMethod: "machine",
                    context: Secret([
                        "client_id": .string(LeverSeed.oauthClientID),
                        "client_secret": .string(LeverSeed.oauthClientSecret),
                    ])),
                environment: house.environmentID
            ).id
            #expect(try await upload(house, account, Form(Form.resume)).status == 200)
            _ = try await house.sandbox.control(.POST, "clock", Self.hour)
            #expect(try await upload(house, account, Form(Form.resume)).status == 200)
            let asked = try await house.sandbox.requests("/oauth/token")
            #expect(asked.map { $0["status"]?.int } == [200, 200])
            #expect(asked.allSatisfy { $0["headers"]?["authorization"] == "Basic ****" })
            let body = try JSONValue.parse(asked[0]["body"]?.string ?? "")
            #expect(body == ["grant_type": "client_credentials", "scope": "uploads:write:admin"])
        }
    }
}
