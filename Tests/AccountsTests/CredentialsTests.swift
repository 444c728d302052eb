import JSON
import Storage
import Testing

@testable import Accounts

@Suite struct CredentialsTests {
    private func oauth(_ token: String) -> Secret<JSONObject> {
        Secret(["oauth": ["token": ["access_token": .string(token)]]])
    }

    @Test func `of many swaps from one version exactly one is made`() async throws {
        try await Harness.run { harness in
            let id = try await harness.account(["oauth": ["token": ["access_token": "0", "refresh_token": "r"]]]).id
            let nodes = [harness.services, try await harness.otherNode(), try await harness.otherNode()]
            let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                for turn in 0..<30 {
                    group.addTask {
                        let accounts = nodes[turn % 3].integratedAccounts
                        let swapped = try await accounts.swapCredentials(
                            id, environment: harness.environment, ifVersion: 1, context: oauth("\(turn)")
                        )
                        return swapped == nil ? nil : "\(turn)"
                    }
                }
                return try await group.reduce(into: [String]()) { if let winner = $1 { $0.append(winner) } }
            }
            #expect(winners.count == 1)
            harness.world.pass(seconds: 1)
            let resolved = try await harness.services.integratedAccounts.resolve(id, environment: harness.environment)
            let token = JSONValue.object(resolved.context.exposed())[path: ["oauth", "token"]]
            #expect(token?["access_token"]?.string == winners.first)
            #expect(token?["refresh_token"] == "r", "the rest of the token stays")
            #expect(resolved.credentialsVersion == 2)
        }
    }

    @Test func `patches and swaps at the same time lose nothing`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account(["oauth": ["token": ["access_token": "0"]]]).id
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for turn in 1...20 {
                        let swapped = try await accounts.swapCredentials(
                            id, environment: harness.environment, ifVersion: Int64(turn), context: oauth("\(turn)")
                        )
                        #expect(swapped != nil)
                    }
                }
                group.addTask {
                    for turn in 1...20 {
                        _ = try await accounts.update(
                            id, environment: harness.environment,
                            IntegratedAccountPatch(context: Secret(["p\(turn)": 1]))
                        )
                    }
                }
                try await group.waitForAll()
            }
            let context = try await harness.context(id)
            #expect(context[["oauth", "token", "access_token"][...]] == "20")
            #expect(context.keys.count { $0.hasPrefix("p") } == 20)
        }
    }

    @Test(arguments: [
        (#"{"access_token":"b","expires_in":60}"#, Int64?.some(60)), (#"{"access_token":"b","expires_in":"90"}"#, 90),
        (#"{"access_token":"b"}"#, nil), (#"{"access_token":"b","expires_in":"soon"}"#, nil),
        (#"{"expires_in":30}"#, 30), (#"{"refresh_token":"r"}"#, 3600),
        (#"{"access_token":"b","expires_at":"2026-01-01T00:00:10.000Z"}"#, 10),
    ]) func `a new token's end replaces the old one's`(token: String, endsIn: Int64?) async throws {
        try await Harness.run { harness in
            let start = harness.world.effects.now()
            let id = try await harness.account(["oauth": ["token": ["access_token": "a", "expires_in": 3600]]]).id
            let swapped = try await harness.services.integratedAccounts.swapCredentials(
                id, environment: harness.environment, ifVersion: 1,
                context: Secret(["oauth": ["token": try JSONValue.parse(token)]])
            )
            let end = swapped?.context[["oauth", "token", "expires_at"][...]]
            #expect(end == endsIn.map { .string(start.adding(seconds: $0).text) })
        }
    }

    @Test func `credentials renewed with the same text are a new version`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account().id
            for version in 1...3 {
                let swapped = try await accounts.swapCredentials(
                    id, environment: harness.environment, ifVersion: Int64(version),
                    context: Secret(["api_key": "canary-key"])
                )
                #expect(swapped != nil)
            }
            let resolved = try await accounts.resolve(id, environment: harness.environment)
            #expect(resolved.credentialsVersion == 4)
        }
    }

    @Test func `an event about old credentials does not touch the account`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account().id
            var event = try await accounts.setStatus(
                id, environment: harness.environment, to: .needsReauth, lastError: "refused", ifCredentialsVersion: 1
            )
            #expect(event.changed)
            #expect(event.account.lastError == "refused")
            event = try await accounts.setStatus(
                id, environment: harness.environment, to: .needsReauth, lastError: "refused", ifCredentialsVersion: 1
            )
            #expect(!event.changed)
            #expect(event.account.version == 2, "the same again writes nothing")
            event = try await accounts.setStatus(id, environment: harness.environment, to: .active)
            #expect(event.changed && event.account.lastError == nil)
            _ = try await accounts.swapCredentials(
                id, environment: harness.environment, ifVersion: 1, context: Secret(["api_key": "fresh"])
            )
            event = try await accounts.setStatus(
                id, environment: harness.environment, to: .needsReauth, ifCredentialsVersion: 1
            )
            #expect(!event.changed)
            #expect(event.account.status == .active)
        }
    }

    @Test func `a fresh account costs no read, a change here is seen at once, elsewhere within a second`() async throws {
        try await Harness.run { harness in
            let other = try await harness.otherNode().integratedAccounts
            let id = try await harness.account(["region": "0"]).id
            func region(_ accounts: IntegratedAccountService) async throws -> String? {
                try await accounts.resolve(id, environment: harness.environment).context.exposed()["region"]?.string
            }
            var seen = [try await region(harness.services.integratedAccounts), try await region(other)]
            #expect(seen == ["0", "0"])
            _ = try await harness.services.integratedAccounts.update(
                id, environment: harness.environment, IntegratedAccountPatch(context: Secret(["region": "1"]))
            )
            seen = [try await region(harness.services.integratedAccounts), try await region(other)]
            #expect(seen == ["1", "0"], "the other node answers from memory")
            harness.world.pass(seconds: 1)
            #expect(try await region(other) == "1")
        }
    }

    @Test func `what an environment changes is seen at once here, elsewhere within a second`() async throws {
        try await Harness.run { harness in
            let other = try await harness.otherNode()
            let account = try await harness.account()
            let model = try await harness.services.environmentUnifiedModels.install(
                "ats", environment: harness.environment, override: ["a": "0"]
            )
            func seen(_ node: AccountServices) async throws -> [JSONValue?] {
                let resolved = try await node.integratedAccounts.resolve(account.id, environment: harness.environment)
                let model = try await node.environmentUnifiedModels.resolve("ats", environment: harness.environment)
                return [resolved.environmentOverride.exposed()["base_url"], model?.override["a"]]
            }
            _ = (try await seen(harness.services), try await seen(other))
            _ = try await harness.services.environmentIntegrations.update(
                account.environmentIntegrationID, environment: harness.environment,
                EnvironmentIntegrationPatch(override: ["base_url": "https://new.example"])
            )
            _ = try await harness.services.environmentUnifiedModels.update(
                model.id, environment: harness.environment, override: ["a": "1"], version: nil
            )
            let new: [JSONValue?] = ["https://new.example", "1"]
            #expect(try await seen(harness.services) == new)
            harness.world.pass(seconds: 1)
            #expect(try await seen(other) == new)
        }
    }

    @Test func `credentials given by a person replace the old ones, and a given-up account lives`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let account = try await harness.account()
            try await accounts.setStatus(
                account.id, environment: harness.environment, to: .needsReauth, lastError: ["code": "x"]
            )
            let alive = try await accounts.replaceCredentials(
                account.id, environment: harness.environment, context: Secret(["api_key": "canary-key"])
            )
            #expect(alive.status == .active && alive.lastError == nil)
            let resolved = try await accounts.resolve(account.id, environment: harness.environment)
            #expect(resolved.credentialsVersion == 2, "the same text given anew is new")
            _ = try await accounts.replaceCredentials(
                account.id, environment: harness.environment, context: Secret(["api_key": "other"])
            )
            #expect(try await harness.context(account.id)["api_key"] == "other")
        }
    }

    @Test func `the environment's variables and override come with the account`() async throws {
        try await Harness.run { harness in
            let installations = harness.services.environmentIntegrations
            let account = try await harness.account()
            _ = try await installations.update(
                account.environmentIntegrationID, environment: harness.environment,
                EnvironmentIntegrationPatch(override: [
                    "environment_variables": ["A": "open"], "secret_environment_variables": ["B": "canary"],
                ])
            )
            let shown = try await installations.get(account.environmentIntegrationID, environment: harness.environment)
            #expect(shown.override == ["environment_variables": ["A": "open"]])
            let context = try await harness.context(account.id)
            #expect(context["environment_variables"]?["A"] == "open")
            #expect(context["secret_environment_variables"]?["B"] == "canary")
        }
    }
}
