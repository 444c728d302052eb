import JSON
import Storage
import Testing

@testable import Accounts

@Suite struct LinkTokenTests {
    private static let body: JSONObject = [
        "tenant_id": "t1", "scopes": ["a", "b"], "environment_unified_model_id": ["m"],
        "context": ["api_key": "canary", "subdomain": "acme"], "redirect_uri": "https://app.example/done",
        "persist_previous_context": true, "region": "eu",
    ]

    @Test func `what was asked for comes back, as often as it is looked at, and nothing of it is stored open`() async throws {
        try await Harness.run { harness in
            let links = harness.services.linkTokens
            let text = try await links.create(LinkRequest(json: Self.body), environment: harness.environment).exposed()
            for _ in 0..<2 {
                let token = try await links.open(text)
                #expect(token.request.json == (try LinkRequest(json: Self.body)).json)
                #expect(token.environmentID == harness.environment)
            }
            let token = try await links.open(text)
            let sealed = try #require(try await harness.store.sealed(token.id, field: EncryptedRecord.secretsField))
            #expect(!sealed.envelope.contains("canary"))
        }
    }

    @Test func `of many who use it one succeeds, and then it is gone`() async throws {
        try await Harness.run { harness in
            let links = harness.services.linkTokens
            let text = try await links.create(LinkRequest(json: Self.body), environment: harness.environment).exposed()
            let token = try await links.open(text)
            let wins = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { (try? await links.use(token)) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            await expect(.unauthorized) { _ = try await links.open(text) }
        }
    }

    @Test func `it ends after seven days, and is then removed with its secrets`() async throws {
        try await Harness.run { harness in
            let links = harness.services.linkTokens
            let text = try await links.create(LinkRequest(json: Self.body), environment: harness.environment).exposed()
            harness.world.pass(seconds: 7 * 86_400 - 1)
            let token = try await links.open(text)
            try await links.keep(flow: Secret(["state": "s"]), for: token)
            harness.world.pass(seconds: 1)
            await expect(.unauthorized) { _ = try await links.open(text) }
            await expect(.unauthorized) { try await links.use(token) }
            #expect(try await links.purge() == 0)
            harness.world.pass(seconds: 86_401)
            #expect(try await links.purge() == 1)
            #expect(try await harness.store.sealedKeyIDs() == [])
        }
    }

    @Test func `the last redirect's state is the one that counts, and one of many takes it`() async throws {
        try await Harness.run { harness in
            let links = harness.services.linkTokens
            let text = try await links.create(LinkRequest(json: Self.body), environment: harness.environment).exposed()
            let token = try await links.open(text)
            #expect(try await links.takeFlow(of: token) { _ in true } == nil)
            for state in ["one", "two"] {
                try await links.keep(flow: Secret(["state": .string(state)]), for: token)
            }
            #expect(try await links.takeFlow(of: token) { $0["state"] == "one" } == nil)
            let wins = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask { (try? await links.takeFlow(of: token) { $0["state"] == "two" }) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
        }
    }

    @Test(arguments: [
        "", "attlink_", "att_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "attlink_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func `no other text opens`(text: String) async throws {
        try await Harness.run { harness in
            await expect(.unauthorized) { _ = try await harness.services.linkTokens.open(text) }
        }
    }

    @Test(arguments: [
        (#"{}"#, "tenant_id"), (#"{"tenant_id":""}"#, "tenant_id"), (#"{"tenant_id":7}"#, "tenant_id"),
        (#"{"tenant_id":"t","scopes":[1]}"#, "scopes"), (#"{"tenant_id":"t","context":"x"}"#, "context"),
    ]) func `a wrong body is refused, naming the member`(body: String, parameter: String) throws {
        let json = try #require(try JSONValue.parse(body).object)
        #expect { try LinkRequest(json: json) } throws: { ($0 as? AccountsError)?.parameter == parameter }
    }

    @Test func `connecting again needs an account of the same environment`() async throws {
        try await Harness.run { harness in
            let id = try await harness.account().id
            let request = LinkRequest(purpose: .reconnect(integratedAccountID: id))
            let links = harness.services.linkTokens
            let text = try await links.create(request, environment: harness.environment).exposed()
            #expect(try await links.open(text).request.purpose == request.purpose)
            let other = try await harness.services.environments.create(name: "Other").id
            await expect(.notFound) { _ = try await links.create(request, environment: other) }
        }
    }
}

@Suite struct AccountTokenTests {
    @Test func `it stands for its account for 15 minutes, on every node with the keys`() async throws {
        try await Harness.run { harness in
            let id = try await harness.account().id
            let tokens = harness.services.accountTokens
            let text = try await tokens.create(id, environment: harness.environment).exposed()
            #expect(AccountTokenService.isOne(text))
            let other = try await harness.otherNode().accountTokens
            harness.world.pass(seconds: 899)
            let holder = try other.authenticate(text)
            #expect(holder.integratedAccountID == id && holder.environmentID == harness.environment)
            harness.world.pass(seconds: 1)
            await expect(.unauthorized) { _ = try tokens.authenticate(text) }
            await expect(.notFound) { _ = try await tokens.create("nobody", environment: harness.environment) }
        }
    }

    @Test func `a changed one, a credential's envelope and an API token are refused`() async throws {
        try await Harness.run { harness in
            let id = try await harness.account().id
            let tokens = harness.services.accountTokens
            let text = try await tokens.create(id, environment: harness.environment).exposed()
            let sealed = try #require(try await harness.store.sealed(id, field: EncryptedRecord.secretsField))
            let api = try await harness.services.tokens.create(name: "a", environment: harness.environment)
            for forged in [text + "A", String(text.dropLast(4)), "attacc_\(sealed.envelope)", api.secret.exposed(), ""] {
                await expect(.unauthorized) { _ = try tokens.authenticate(forged) }
            }
        }
    }
}
