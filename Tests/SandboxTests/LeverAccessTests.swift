import JSON
import Synchronization
import Testing

@testable import Sandbox

@Suite struct LeverAccessTests {
    @Test func `twenty calls may come at once, then ten a second`() async throws {
        let now = Mutex<Int64>(1_800_000_000_000)
        try await withSandbox(SandboxOptions(clock: { now.withLock { $0 } })) { run in
            var statuses: [Int] = []
            for _ in 0..<22 { statuses.append(try await run.send("GET", "/v1/users").status) }
            #expect(statuses == Array(repeating: 200, count: 20) + [429, 429])
            now.withLock { $0 += 100 }
            #expect(try await run.send("GET", "/v1/users").status == 200)
            let refused = try await run.send("GET", "/v1/users")
            #expect(refused.status == 429)
            #expect(refused.json["code"] == "TooManyRequests")
            #expect(refused.headers["retry-after"] == nil)
        }
    }

    @Test func `confidential opportunities are for those who may see them`() async throws {
        try await withSandbox { (run) async throws in
            let path = "/v1/opportunities/\(LeverSeed.confidentialOpportunity)"
            let reader = "Basic " + base64("\(LeverSeed.readOnlyKey):")
            #expect(try await run.send("GET", path).status == 200)
            #expect(try await run.send("GET", path, authorization: reader).status == 404)
            // The three that were made first.
            let some = "/v1/opportunities?created_at_end=\(LeverSeed.createdAt + 2000)"
            #expect(try await run.send("GET", some + "&confidentiality=all").json["data"]?.array?.count == 3)
            #expect(try await run.send("GET", some + "&confidentiality=all", authorization: reader).status == 403)
            #expect(try await run.send("GET", some).json["data"]?.array?.count == 2)
        }
    }
}
