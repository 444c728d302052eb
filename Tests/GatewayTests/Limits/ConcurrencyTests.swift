import JSON
import NIOHTTP1
import Testing
import Unified

/// Calls at a time, over sockets: what the definition allows is under way, and no more.
@Suite(.timeLimit(.minutes(3))) struct ConcurrencyTests {
    private static func list(_ gateway: TestGateway, _ resource: String) async throws -> Answer {
        try await gateway.call(
            .GET, "/unified/ats/\(resource)?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)")
    }

    /// Without any wait, so that a call finds a place or is refused.
    private static func limits(_ wait: Duration) -> UnifiedService.Limits {
        var limits = UnifiedService.Limits()
        limits.maxRateLimitWait = wait
        return limits
    }

    @Test func `a call beyond the limit is refused, and made once another has ended`() async throws {
        try await TestGateway.run(limits: Self.limits(.zero), turns: ["concurrent": 1]) { gateway in
            try await gateway.behave(["match": ["method": "GET"], "times": 1, "do": ["hold": true]])
            async let held = Self.list(gateway, "attachments")
            while try await gateway.sandbox.requests("/v1/opportunities").isEmpty { try Task.checkCancellation() }

            let refused = try await Self.list(gateway, "attachments")
            #expect(refused.status == 429)
            #expect(refused.json["code"] == "rate_limited")
            #expect(refused.json["message"] == "Lever allows one call at a time, and more are waiting already")
            #expect(refused.headers.first(name: "retry-after") == "1")
            #expect(try await gateway.sandbox.requests("/v1/opportunities").count == 1)

            try await gateway.behaveWell()
            #expect(try await held.status == 200)
            #expect(try await Self.list(gateway, "attachments").status == 200)
        }
    }

    @Test func `a call beyond the limit waits, and nobody notices`() async throws {
        try await TestGateway.run(limits: Self.limits(.seconds(60)), turns: ["concurrent": 2]) { gateway in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 { group.addTask { try await Self.list(gateway, "attachments").status } }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func `a limit of one call leaves room for others`() async throws {
        let limit: JSONValue = ["concurrent": 1, "calls": ["files.list"]]
        try await TestGateway.run(limits: Self.limits(.zero), turns: limit) { gateway in
            try await gateway.behave(["match": ["method": "GET"], "times": 1, "do": ["hold": true]])
            async let held = Self.list(gateway, "attachments")
            while try await gateway.sandbox.requests("/v1/opportunities").isEmpty { try Task.checkCancellation() }
            #expect(try await Self.list(gateway, "attachments").status == 429)
            #expect(try await gateway.call(.GET, "/unified/ats/users?integrated_account_id=\(gateway.accountID)").status == 200)
            try await gateway.behaveWell()
            #expect(try await held.status == 200)
        }
    }

    @Test(arguments: [("api_key", [200, 429]), ("oauth2", [200, 200])])
    func `a limit of one way to connect holds for no other`(method: String, statuses: [Int]) async throws {
        let limit: JSONValue = ["requests": 1, "seconds": 3600, "authentication_methods": [.string(method)]]
        try await TestGateway.run(turns: limit) { gateway in
            var found: [Int] = []
            for _ in 0..<2 {
                found.append(try await gateway.call(.GET, "/unified/ats/users?integrated_account_id=\(gateway.accountID)").status)
            }
            #expect(found == statuses)
        }
    }
}
