import Gateway
import JSON
import NIOHTTP1
import Testing
import Unified

/// Calls are kept below the limits that a definition states (docs/wire.md#errors).
@Suite struct RateLimitTests {
    @Test func `a call that would wait for long is told when to come again`() async throws {
        try await TestGateway.run(turns: ["requests": 1, "seconds": 3600, "burst": 2]) { gateway in
            for _ in 0..<2 { #expect(try await gateway.upload(Form(Form.resume)).status == 200) }
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 429)
            #expect(response.json["code"] == "rate_limited")
            #expect(response.json["truto_is_remote_error"] == nil)
            #expect(response.json[path: ["truto_error_insight", "rate_limit_error", "description"]]?.string != nil)
            let wait = try #require(response.headers.first(name: "retry-after").flatMap { Int($0) })
            #expect((3590...3600).contains(wait))
            #expect(response.headers.first(name: "ratelimit-limit") == "1")
            #expect(response.headers.first(name: "ratelimit-remaining") == "0")
            #expect(response.headers.first(name: "ratelimit-reset") == String(wait))
            #expect(response.headers.first(name: "ratelimit") == "\"default\";r=0;t=\(wait)")
            #expect(try await gateway.received().count == 2)
        }
    }

    @Test func `a call that is a little early waits, and nobody notices`() async throws {
        try await TestGateway.run(turns: ["requests": 20, "seconds": 1, "burst": 1]) { gateway in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await gateway.upload(Form(Form.resume)).status } }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
