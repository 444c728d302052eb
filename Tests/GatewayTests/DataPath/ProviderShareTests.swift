import NIOCore
import Testing
import TestSupport
import Unified

@testable import Gateway
@testable import Upstream

/// The connections to one provider are shared among the tenants who call it (`SlotTableTests` has the rules).
@Suite(.serialized) struct ProviderShareTests {
    @Test(.timeLimit(.minutes(5))) func `uploads of one tenant give way to another's, and say when to send again`() async throws {
        let connections = 4
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        try await TestGateway.run(limits: limits, providerConnections: connections) { gateway in
            var slow: [RawClient] = []
            for _ in 0..<connections {
                let client = try await RawClient(gateway)
                try await client.send(
                    "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt"
                        + "&candidate_id=\(TestGateway.opportunity) HTTP/1.1\r\nhost: a\r\n"
                        + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                        + "content-length: 100000\r\n\r\n" + String(repeating: "x", count: 5000))
                slow.append(client)
            }
            // Until all have their place at the provider.
            while gateway.upstream.slots.counts.taken < connections { try await Task.sleep(for: .milliseconds(10)) }

            let other = try await Neighbour(gateway)
            _ = try await other.store()

            // One of them gave way, and is told so; the others go on.
            let response = try await withThrowingTaskGroup(of: String.self) { group in
                for client in slow { group.addTask { try await client.readUntil { $0.contains("\"request_id\"") } } }
                let first = try await group.next() ?? ""
                group.cancelAll()
                return first
            }
            #expect(response.hasPrefix("HTTP/1.1 503 ") && response.contains("\"code\":\"provider_busy\""), "\(response)")
            #expect(response.lowercased().contains("\r\nretry-after: 2\r\n"))
            #expect(gateway.upstream.slots.counts.taken == connections - 1)
            for client in slow { try await client.close() }
        }
    }
}
