import JSON
import Storage
import Testing

@testable import Accounts

/// What connecting stores with an account.
@Suite struct ConnectingTests {
    @Test(
        arguments: [
            (false, ["api_key": "new-key", "host": "h"]),
            (true, ["api_key": "new-key", "host": "h", "subdomain": "acme", "oauth": ["a": 1]]),
        ] as [(Bool, JSONObject)])
    func `connecting again replaces the context, or lies over it`(persisting: Bool, context: JSONObject) async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account(["api_key": "old-key", "subdomain": "acme", "oauth": ["a": 1]]).id
            _ = try await accounts.setStatus(id, environment: harness.environment, to: .needsReauth, lastError: ["code": "x"])
            let before = try await accounts.reread(id, environment: harness.environment).credentialsVersion
            let account = try await accounts.reconnect(
                id, environment: harness.environment, method: "other", context: Secret(["api_key": "new-key", "host": "h"]),
                persisting: persisting, result: ["success": true])
            #expect(account.status == .active && account.lastError == nil && account.authenticationMethod == "other")
            #expect(account.lastActionResult == ["success": true])
            #expect(account.context["api_key"] == nil)
            #expect(try await harness.context(id) == context)
            #expect(try await accounts.resolve(id, environment: harness.environment).credentialsVersion == before + 1)
        }
    }

    @Test func `how actions went is kept, with what they add, their secrets apart`() async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await harness.account().id
            let failed = try await accounts.finishActions(
                id, environment: harness.environment, status: .validationError, lastError: ["code": "c"],
                result: ["success": false])
            #expect(failed.status == .validationError && failed.lastError == ["code": "c"])
            let done = try await accounts.finishActions(
                id, environment: harness.environment, status: .active, lastError: nil, result: ["success": true],
                context: Secret(["company": "7", "hook": "canary"]), secretPaths: SecretPaths(["hook"]))
            #expect(done.status == .active && done.lastError == nil && done.lastActionResult == ["success": true])
            #expect(done.context["company"] == "7" && done.context["hook"] == nil)
            #expect(try await harness.context(id)["hook"] == "canary")
            let other = try await harness.services.environments.create(name: "Other").id
            await expect(.notFound) {
                _ = try await accounts.finishActions(
                    id, environment: other, status: .active, lastError: nil, result: .null)
            }
        }
    }
}
