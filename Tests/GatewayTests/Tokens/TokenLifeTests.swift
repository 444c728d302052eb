import Accounts
import JSON
import NIOHTTP1
import Testing

/// Tokens from the outside: what they are let do and for how long.
@Suite struct TokenLifeTests {
    @Test func `an environment has two live tokens, and one ends without the other`() async throws {
        try await TestGateway.run { gateway in
            let next = try await gateway.accounts.tokens.create(name: "next", environment: gateway.environmentID)
            let bearers = ["Bearer \(gateway.token)", "Bearer \(next.secret.exposed())"]
            for bearer in bearers { #expect(try await gateway.call(.GET, "/ping", authorization: bearer).status == 200) }
            let old = try #require(
                try await gateway.accounts.tokens.list(environment: gateway.environmentID).result.first { $0.name == "test" })
            try await gateway.accounts.tokens.revoke(old.id, environment: gateway.environmentID)
            let statuses = [401, 200]
            for (bearer, status) in zip(bearers, statuses) {
                #expect(try await gateway.call(.GET, "/ping", authorization: bearer).status == status)
            }
        }
    }

    @Test(arguments: [
        ("ats/attachments:list", "GET", 200), ("ats:list", "GET", 200), ("*:*", "GET", 200), ("*:list", "GET", 200),
        ("ats/attachments:create", "GET", 403), ("crm:*", "GET", 403), ("ats/jobs:list", "GET", 403),
        ("ats/attachments:list", "POST", 403), ("ats/attachments:create", "POST", 400), ("ats:*", "POST", 400),
        ("ats/attachments:list", "DELETE", 403), ("*:get", "DELETE", 403),
    ])
    func `a scope is for its models, resources and methods`(scope: String, method: String, status: Int) async throws {
        try await TestGateway.run { gateway in
            let token = try await gateway.accounts.tokens.create(
                name: "scoped", environment: gateway.environmentID, scopes: [scope])
            let response = try await gateway.call(
                .init(rawValue: method),
                "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)",
                authorization: "Bearer \(token.secret.exposed())")
            // 400: let through, and then the file is missing.
            #expect(response.status == status, "\(response.json.text())")
        }
    }
}
