import Encodings
import JSON
import Storage
import Testing

@testable import Accounts

@Suite struct IntegratedAccountServiceTests {
    @Test func `an account shows no credential, and a call gets them all`() async throws {
        try await Harness.run { harness in
            let account = try await harness.account(
                ["api_key": "canary", "subdomain": "acme", "nested": ["pin": "canary", "open": 1]],
                secretPaths: ["nested.pin"]
            )
            let got = try await harness.services.integratedAccounts.get(account.id, environment: harness.environment)
            #expect(got == account)
            #expect(got.context == ["subdomain": "acme", "nested": ["open": 1]])
            #expect(got.json()["status"] == "active")
            #expect(
                try await harness.context(account.id) == [
                    "api_key": "canary", "subdomain": "acme", "nested": ["pin": "canary", "open": 1],
                ])
        }
    }

    @Test(arguments: [
        (#"{}"#, "tenant_id"), (#"{"tenant_id":""}"#, "tenant_id"), (#"{"tenant_id":7}"#, "tenant_id"),
        (#"{"tenant_id":"t"}"#, "environment_integration_id"),
        (#"{"tenant_id":"t","integration":7}"#, "integration"),
        (#"{"tenant_id":"t","integration":{"name":7}}"#, "integration.name"),
        (#"{"tenant_id":"t","integration":"acme"}"#, "authentication_method"),
        (#"{"tenant_id":"t","integration":"acme","authentication_method":"x","context":[]}"#, "context"),
        (#"{"tenant_id":"t","environment_integration_id":"nobody","authentication_method":"x"}"#, "environment_integration_id"),
        (#"{"tenant_id":"t","integration":"off","authentication_method":"x"}"#, "environment_integration_id"),
        (#"{"tenant_id":"t","integration":"acme","authentication_method":"x","is_sandbox":"yes"}"#, "is_sandbox"),
    ]) func `a wrong body is refused, naming the member`(body: String, parameter: String) async throws {
        try await Harness.run { harness in
            _ = try await harness.services.environmentIntegrations.install(
                "off", environment: harness.environment, isEnabled: false
            )
            do {
                _ = try await harness.services.integratedAccounts.create(
                    NewIntegratedAccount(json: try #require(try JSONValue.parse(body).object)),
                    environment: harness.environment
                )
                Issue.record("it was accepted")
            } catch let error as AccountsError {
                #expect(error.code == .invalid)
                #expect(error.parameter == parameter)
            }
        }
    }

    @Test(arguments: [
        #"{"integration":"acme"}"#, #"{"integration":{"name":"acme"}}"#, #"{"integration_name":"acme"}"#,
    ]) func `an integration named is installed once`(named: String) async throws {
        try await Harness.run { harness in
            var body: JSONObject = ["tenant_id": "t", "authentication_method": "api_key"]
            for (key, value) in try #require(try JSONValue.parse(named).object) { body[key] = value }
            let accounts = harness.services.integratedAccounts
            let first = try await accounts.create(NewIntegratedAccount(json: body), environment: harness.environment)
            let second = try await accounts.create(NewIntegratedAccount(json: body), environment: harness.environment)
            #expect(first.integration == "acme")
            #expect(first.environmentIntegrationID == second.environmentIntegrationID)
        }
    }

    @Test func `an imported OAuth token gets the time it ends`() async throws {
        try await Harness.run { harness in
            let account = try await harness.account([
                "oauth": ["token": ["access_token": "canary", "refresh_token": "canary", "expires_in": "3600"]]
            ])
            let end = harness.world.effects.now().adding(seconds: 3600).text
            #expect(account.context[["oauth", "token", "expires_at"][...]] == .string(end))
            #expect(!JSONValue.object(account.json()).text().contains("canary"))
        }
    }

    @Test func `what a reader got can be sent back without losing a credential`() async throws {
        try await Harness.run { harness in
            let context: JSONObject = [
                "api_key": "some-key", "nested": ["pin": "pin-1", "open": 1], "oauth": ["token": ["access_token": "a", "x": 1]],
            ]
            let account = try await harness.account(context, secretPaths: ["nested.pin"])
            // Sent back without the definition's paths: what is stored as a secret stays one.
            let updated = try await harness.services.integratedAccounts.update(
                account.id, environment: harness.environment, IntegratedAccountPatch(context: Secret(account.context))
            )
            #expect(updated.context == account.context)
            #expect(updated.version == 2)
            #expect(try await harness.context(account.id) == context)
        }
    }

    @Test func `a patch changes, removes and keeps`() async throws {
        try await Harness.run { harness in
            let account = try await harness.account()
            let patch: JSONObject = [
                "context": ["api_key": "canary-new", "subdomain": nil, "region": "eu"], "tenant_id": "t2",
                "is_sandbox": true, "integration_override": ["base_url": "http://x"], "version": 1,
            ]
            let updated = try await harness.services.integratedAccounts.update(
                account.id, environment: harness.environment, try IntegratedAccountPatch(json: patch)
            )
            #expect(updated.context == ["region": "eu"])
            #expect((updated.tenantID, updated.isSandbox, updated.version) == ("t2", true, 2))
            #expect(updated.integrationOverride == ["base_url": "http://x"])
            #expect(try await harness.context(account.id) == ["region": "eu", "api_key": "canary-new"])
            await expect(.stale) {
                _ = try await harness.services.integratedAccounts.update(
                    account.id, environment: harness.environment, try IntegratedAccountPatch(json: patch)
                )
            }
        }
    }

    @Test func `secrets of an override are kept apart from it`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let account = try await harness.account()
            let override: JSONObject = ["credentials": ["oauth2": ["config": ["client": ["id": "i", "secret": "canary"]]]]]
            var updated = try await accounts.update(
                account.id, environment: harness.environment, IntegratedAccountPatch(integrationOverride: Secret(override))
            )
            #expect(!JSONValue.object(updated.json()).text().contains("canary"))
            updated = try await accounts.update(
                account.id, environment: harness.environment,
                IntegratedAccountPatch(integrationOverride: Secret(updated.integrationOverride))
            )
            var resolved = try await accounts.resolve(account.id, environment: harness.environment)
            #expect(resolved.integrationOverride.exposed() == override)
            updated = try await accounts.update(
                account.id, environment: harness.environment,
                IntegratedAccountPatch(json: ["integration_override": nil])
            )
            resolved = try await accounts.resolve(account.id, environment: harness.environment)
            #expect(resolved.integrationOverride.exposed().isEmpty)
        }
    }

    @Test func `another environment's account is not found, whatever is asked`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let other = try await harness.services.environments.create(name: "Other").id
            let id = try await harness.account().id
            for id in [id, "nobody"] {
                await expect(.notFound) { _ = try await accounts.get(id, environment: other) }
                await expect(.notFound) { _ = try await accounts.resolve(id, environment: other) }
                await expect(.notFound) { _ = try await accounts.update(id, environment: other, IntegratedAccountPatch()) }
                await expect(.notFound) { try await accounts.delete(id, environment: other) }
                await expect(.notFound) { try await accounts.setStatus(id, environment: other, to: .needsReauth) }
                await expect(.notFound) {
                    _ = try await accounts.swapCredentials(id, environment: other, ifVersion: 1, context: Secret([:]))
                }
            }
            #expect(try await accounts.list(environment: other).result.isEmpty)
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
        }
    }

    @Test func `lists go on where the cursor says, and refuse others' cursors`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            var made: [String] = []
            for _ in 0..<5 { made.append(try await harness.account().id) }
            var seen: [String] = []
            var cursor: String? = ""
            repeat {
                let page = try await accounts.list(ListQuery(cursor: cursor, limit: 2), environment: harness.environment)
                seen += page.result.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen.sorted() == made.sorted())
            for bad in ["x", "AAAA", Base64URL.text("1".utf8), Base64URL.text("99999999999999999 id".utf8)] {
                await expect(.invalidCursor) {
                    _ = try await accounts.list(ListQuery(cursor: bad), environment: harness.environment)
                }
            }
            await expect(.invalid) {
                let filter = Filter<AccountField>(.createdAt, .gt, ["yesterday"])
                _ = try await accounts.list(ListQuery(filters: [filter]), environment: harness.environment)
            }
        }
    }

    @Test func `deleting ends an account at once, its secrets too`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account().id
            _ = try await harness.context(id)
            try await accounts.delete(id, environment: harness.environment)
            await expect(.notFound) { _ = try await harness.context(id) }
            #expect(try await harness.store.sealedKeyIDs() == [])
        }
    }
}
