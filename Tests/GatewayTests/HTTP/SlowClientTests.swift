import NIOCore
import Testing
import TestSupport
import Unified

@testable import Gateway
@testable import Upstream

/// Clients that hold the gateway up: by a byte now and then, or by their number.
@Suite(.serialized) struct SlowClientTests {
    @Test(.timeLimit(.minutes(5))) func `a head that drips is answered 408`() async throws {
        var configuration = GatewayConfiguration()
        configuration.headSeconds = 1
        try await TestGateway.run(configuration: configuration) { gateway in
            let client = try await RawClient(gateway)
            try await client.send("GET /ping HTTP/1.1\r\nhost: a\r\nx: ")
            client.drip()
            let response = try await client.readUntil { $0.contains("\"request_id\"") }
            #expect(response.hasPrefix("HTTP/1.1 408 ") && response.contains("\"code\":\"too_slow\""), "\(response)")
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a body that drips is answered 408, and the provider has not stored it`() async throws {
        var configuration = GatewayConfiguration()
        configuration.pace = Pace(bytesPerSecond: 10_000, seconds: 1)
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        try await RawServer.run(.silence) { provider in
            try await TestGateway.run(
                limits: limits, configuration: configuration, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]
            ) { gateway in
                let client = try await RawClient(gateway)
                try await client.send(
                    "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: a\r\n"
                        + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                        + "content-length: 100000\r\n\r\n" + String(repeating: "x", count: 5000))
                client.drip()
                let response = try await client.readUntil { $0.contains("\"request_id\"") }
                #expect(response.hasPrefix("HTTP/1.1 408 ") && response.contains("\"code\":\"too_slow\""), "\(response)")
                try await client.close()
                await provider.until { $0.open == 0 }
                #expect(gateway.upstream.slots.counts == (0, 0))
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `chunks whose extensions drip are no pace`() async throws {
        var configuration = GatewayConfiguration()
        configuration.pace = Pace(bytesPerSecond: 10_000, seconds: 1)
        try await TestGateway.run(configuration: configuration) { gateway in
            let client = try await RawClient(gateway)
            try await client.send(
                "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: a\r\n"
                    + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                    + "transfer-encoding: chunked\r\n\r\n5;x=")
            client.drip()
            let response = try await client.readUntil { $0.contains("\"request_id\"") }
            #expect(response.hasPrefix("HTTP/1.1 408 "), "\(response)")
            try await client.close()
        }
    }

    /// A client whose connection is known to be counted.
    private func connected(_ gateway: TestGateway) async throws -> RawClient {
        let client = try await RawClient(gateway)
        try await client.send("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(try await client.readUntil { $0.hasSuffix("}") }.hasPrefix("HTTP/1.1 200 "))
        return client
    }

    @Test(.timeLimit(.minutes(5))) func `past the limit of connections only health is answered`() async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnections = 2
        configuration.maxConnectionsPerPeer = 100
        try await TestGateway.run(configuration: configuration) { gateway in
            let clients = [try await connected(gateway), try await connected(gateway)]
            let other = try await RawClient(gateway)
            try await other.send("GET /ping HTTP/1.1\r\nhost: a\r\n\r\n")
            let refused = try await other.readUntil { $0.contains("\"request_id\"") }
            #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("\"code\":\"overloaded\""), "\(refused)")
            #expect(refused.lowercased().contains("retry-after: 1"))
            let probe = try await connected(gateway)
            for client in clients + [other, probe] { try await client.close() }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `one peer holds no more than its connections`() async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerPeer = 2
        try await TestGateway.run(configuration: configuration) { gateway in
            let clients = [try await connected(gateway), try await connected(gateway)]
            let other = try await RawClient(gateway)
            try? await other.send("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n")
            #expect(try await other.readAll() == "")
            for client in clients { try await client.close() }
        }
    }
}
