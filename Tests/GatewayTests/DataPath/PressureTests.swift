import Gateway
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport
import Unified

/// Back-pressure and its limits, seen from the client's socket.
@Suite(.serialized) struct PressureTests {
    private func head(_ gateway: TestGateway, length: Int, more: String = "") -> String {
        "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: localhost\r\n"
            + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\ncontent-length: \(length)\r\n\(more)\r\n"
    }

    @Test func `a client that waits for 100 sends nothing that is refused anyway`() async throws {
        try await TestGateway.run { gateway in
            for (head, status) in [
                (head(gateway, length: 10, more: "expect: 100-continue\r\n").replacing(gateway.token, with: "wrong"), "401"),
                (head(gateway, length: 99_000_000, more: "expect: 100-continue\r\n"), "413"),
            ] {
                let client = try await RawClient(gateway)
                try await client.send(head)
                let response = try await client.readUntil { $0.contains("\r\n\r\n") }
                #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(response)")
                try await client.close()
            }
            #expect(try await gateway.received().isEmpty)
        }
    }

    @Test func `a client that waits for 100 gets it once its call stands`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(head(gateway, length: 5, more: "expect: 100-continue\r\n"))
            _ = try await client.readUntil { $0.hasPrefix("HTTP/1.1 100 ") && $0.contains("\r\n\r\n") }
            try await client.send("hello")
            let response = try await client.readUntil { $0.contains("\"id\"") }
            #expect(response.contains("HTTP/1.1 200 "))
            try await client.close()
        }
    }

    @Test func `a slow provider slows the client down`() async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = 64 << 10
        try await RawServer.run(.init(.head, .stopReading)) { provider in
            try await TestGateway.run(limits: limits, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let client = try await RawClient(gateway)
                let length = 25_000_000
                try await client.send(head(gateway, length: length))
                let sent = try await client.pour(length)
                // Pipes and the kernel's buffers of four sockets, not the file.
                #expect(sent < length)
                try await client.close()
            }
        }
    }

    @Test func `a gateway without room refuses with 503 before the body`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 1000
        try await TestGateway.run(limits: limits) { gateway in
            let response = try await gateway.upload(
                Form(.file("file", name: "a.txt", type: "text/plain", bytes: [UInt8](repeating: 120, count: 5000))))
            #expect(response.status == 503)
            #expect(response.json["code"] == "overloaded")
            #expect(response.headers.first(name: "retry-after") == "1")
            let small = try await gateway.upload(Form(.file("file", name: "a.txt", type: "text/plain", bytes: [1])))
            #expect(small.status == 200, "\(small.json.text())")
        }
    }

    @Test func `a client that falls silent in its body is let go, and so is the provider`() async throws {
        var configuration = GatewayConfiguration()
        configuration.clientIdleSeconds = 1
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        try await RawServer.run(.silence) { provider in
            try await TestGateway.run(
                limits: limits, configuration: configuration, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]
            ) { gateway in
                let client = try await RawClient(gateway)
                try await client.send(head(gateway, length: 100_000) + String(repeating: "x", count: 50_000))
                await provider.until { $0.bytes > 10_000 }
                _ = try await client.readUntil { _ in false }
                await provider.until { $0.open == 0 }
            }
        }
    }
}
