import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// A tenant of another environment, who stores small files one after another.
struct Neighbour {
    let gateway: TestGateway
    let account: String
    let authorization: String

    init(_ gateway: TestGateway) async throws {
        self.gateway = gateway
        let environment = try await gateway.accounts.environments.create(name: "Neighbour").id
        let token = try await gateway.accounts.tokens.create(name: "n", environment: environment)
        authorization = "Bearer \(token.secret.exposed())"
        account = try await gateway.accounts.integratedAccounts.create(
            NewIntegratedAccount(
                json: [
                    "tenant_id": "n", "integration": "lever", "authentication_method": "api_key",
                    "context": ["api_key": .string(TestGateway.apiKey), "perform_as": .string(TestGateway.performAs)],
                    "integration_override": [
                        "base_url": .string(gateway.sandbox.baseURL), "rate_limit": ["limits": []],
                    ],
                ]),
            environment: environment
        ).id
    }

    func store() async throws -> Duration {
        let form = Form(Form.resume)
        let start = ContinuousClock.now
        let response = try await gateway.call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(account)",
            headers: [("content-type", form.contentType)], body: form.body, authorization: authorization)
        #expect(response.status == 200, "\(response.json.text())")
        return .now - start
    }

    /// How long each call took that was made while `body` ran; at least three are made.
    func store(during body: @escaping @Sendable () async throws -> Void) async throws -> [Duration] {
        let hasEnded = ManagedFlag()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { hasEnded.set() }
                try await body()
            }
            var times: [Duration] = []
            while times.count < 3 || !hasEnded.isSet { times.append(try await store()) }
            try await group.waitForAll()
            return times
        }
    }
}
