import JSON
import Storage
import Testing

@testable import Accounts

@Suite struct SecretTests {
    @Test func `no way of printing shows a secret`() async throws {
        try await Harness.run { harness in
            let account = try await harness.account(
                [
                    "api_key": "canary", "oauth": ["token": ["access_token": "canary"]], "own": "canary",
                ], secretPaths: ["own"])
            let resolved = try await harness.services.integratedAccounts.resolve(
                account.id, environment: harness.environment
            )
            #expect(resolved.context.exposed()["own"] == "canary")
            let issued = try await harness.services.tokens.create(name: "canary-holder", environment: harness.environment)
            let ring = try KeyRing(Secret("canary:" + String(repeating: "0c", count: 32)))
            for value in [Secret("canary"), account, resolved, issued, account.json()] as [any Sendable] {
                var dumped = ""
                dump(value, to: &dumped)
                for text in [String(describing: value), String(reflecting: value), dumped] {
                    #expect(!text.contains("canary\""))
                    #expect(!text.contains(issued.secret.exposed()))
                }
            }
            #expect("\(Secret("canary"))" == "<secret>")
            #expect(!String(reflecting: ring).contains("0c0c"))
        }
    }

    @Test func `no credential is in the database file`() async throws {
        try await Harness.run { harness in
            let account = try await harness.account(["api_key": "canary-one", "deep": ["key": "canary-two"]], secretPaths: ["deep.key"])
            let stored = try #require(try await harness.store.account(account.id, environment: harness.environment))
            #expect(!"\(stored)".contains("canary"))
        }
    }
}
