import Gateway
import Testing
import TestSupport
import Unified

/// What SIGTERM means to calls under way.
@Suite(.serialized) struct DrainTests {
    private static let half = 60_000

    /// An upload that has come half-way.
    private func begin(_ gateway: TestGateway) async throws -> RawClient {
        let client = try await RawClient(gateway)
        try await client.send(
            "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: localhost\r\n"
                + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                + "content-length: \(2 * Self.half)\r\n\r\n" + String(repeating: "a", count: Self.half))
        return client
    }

    @Test func `100 uploads under way end whole, and then the gateway ends`() async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        let stored = #"{"data": {"id": "1", "filename": "a.txt"}}"#
        try await RawServer.run(.response("201 Created", "content-type: application/json\r\n", body: stored)) { provider in
            try await TestGateway.run(limits: limits, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                var clients: [RawClient] = []
                for _ in 0..<100 { clients.append(try await begin(gateway)) }
                await provider.until { $0.open == 100 && $0.bytes > 100 * Self.half }
                await gateway.drain()
                for client in clients { try await client.send(String(repeating: "b", count: Self.half)) }
                for client in clients {
                    let response = try await client.readUntil { $0.contains("\"id\"") }
                    #expect(response.hasPrefix("HTTP/1.1 200 "), "\(response)")
                }
                for await _ in gateway.running {}
                let whole = String(repeating: "a", count: Self.half) + String(repeating: "b", count: Self.half)
                #expect(provider.record.requests.count == 100)
                #expect(provider.record.requests.allSatisfy { $0.contains(whole) })
            }
        }
    }

    @Test func `connections without a call are closed`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send("GET /ping HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer \(gateway.token)\r\n\r\n")
            let response = try await client.readUntil { $0.contains("\r\n\r\n") }
            #expect(response.hasPrefix("HTTP/1.1 200 "))
            await gateway.drain()
            _ = try await client.readUntil { _ in false }
            for await _ in gateway.running {}
        }
    }
}
