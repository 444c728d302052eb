import Gateway
import JSON
import NIOHTTP1
import Testing
import Unified

/// Calls are kept below the limits that a definition states (docs/wire.md#errors).
@Suite struct TurnTests {
    @Test func `a call that would wait for long is told when to come again`() async throws {
        try await House.run(turns: ["requests": 1, "seconds": 3600, "burst": 2]) { house in
            for _ in 0..<2 { #expect(try await house.upload(Form(Form.resume)).status == 200) }
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.status == 429)
            #expect(answer.json["code"] == "rate_limited")
            #expect(answer.json["truto_is_remote_error"] == nil)
            #expect(answer.json[path: ["truto_error_insight", "rate_limit_error", "description"]]?.string != nil)
            let wait = try #require(answer.headers.first(name: "retry-after").flatMap { Int($0) })
            #expect((3590...3600).contains(wait))
            #expect(answer.headers.first(name: "ratelimit-limit") == "1")
            #expect(answer.headers.first(name: "ratelimit-remaining") == "0")
            #expect(answer.headers.first(name: "ratelimit-reset") == String(wait))
            #expect(answer.headers.first(name: "ratelimit") == "\"default\";r=0;t=\(wait)")
            #expect(try await house.received().count == 2)
        }
    }

    @Test func `a call that is a little early waits, and nobody notices`() async throws {
        try await House.run(turns: ["requests": 20, "seconds": 1, "burst": 1]) { house in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await house.upload(Form(Form.resume)).status } }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
