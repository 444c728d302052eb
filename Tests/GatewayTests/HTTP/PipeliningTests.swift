import NIOCore
import NIOHTTP1
import Testing
import TestSupport

@testable import Upstream

/// Requests behind one that hangs (RFC 9112 §9.3.2).
@Suite struct PipeliningTests {
    private func list(_ gateway: TestGateway) -> String {
        "GET /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity) HTTP/1.1\r\n"
            + "host: a\r\nauthorization: Bearer \(gateway.token)\r\n\r\n"
    }

    private static let live = "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n"

    @Test(.timeLimit(.minutes(5))) func `a call that hangs holds up its own connection alone, and ends with it`() async throws {
        try await RawServer.run(.silence) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let client = try await RawClient(gateway)
                try await client.send(list(gateway) + String(repeating: Self.live, count: 2000))
                await provider.until { $0.bytes > 100 }
                for _ in 0..<20 { #expect(try await gateway.call(.GET, "/ping").status == 200) }
                #expect(gateway.upstream.slots.counts.taken == 1)
                try await client.close()
                await provider.until { $0.open == 0 }
                while gateway.upstream.slots.counts.taken > 0 { await Task.yield() }
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `what was sent behind a call is answered after it, in order and whole`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: application/json\r\n", body: "{\"data\":[]}")) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let client = try await RawClient(gateway)
                try await client.send(list(gateway) + String(repeating: Self.live, count: 500) + list(gateway))
                try await client.closeOutput()
                let text = try await client.readAll()
                #expect(text.ranges(of: "HTTP/1.1 200 ").count == 502)
                #expect(text.hasPrefix("HTTP/1.1 200 ") && text.ranges(of: "\"result\":[]").count == 2)
                #expect(text.ranges(of: "{\"status\":\"ok\"}").count == 500)
            }
        }
    }
}
