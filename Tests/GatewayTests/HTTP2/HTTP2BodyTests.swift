import JSON
import NIOCore
import NIOHTTP2
import Testing
import TestSupport
import Unified

@testable import Gateway
@testable import Upstream

/// Files that go through streams of HTTP/2, at the pace of whoever takes them.
@Suite(.serialized) struct HTTP2BodyTests {
    /// Bytes that tell where they belong.
    private func file(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 11) ^ number) }
    }

    private func upload(_ gateway: TestGateway, _ client: HTTP2Client, _ bytes: [UInt8]) async throws -> String {
        let form = Form(
            .field("candidate_id", TestGateway.opportunity),
            .file("file", name: "a.bin", type: "application/octet-stream", bytes: bytes))
        let exchange = try await client.open()
        let path = gateway.path("attachments", "remote_query[perform_as]=\(TestGateway.performAs)")
        try await exchange.send(gateway.fields("POST", path, [("content-type", form.contentType)]), ends: false)
        try await exchange.send(form.body, ends: true)
        let response = await exchange.response()
        #expect(response.status == 200 && response.isWhole, "\(response.text)")
        let json = try JSONValue.parse(response.body.readableBytesView)
        return try #require(json["file_url"]?.string)
    }

    @Test(.timeLimit(.minutes(10))) func `files of some MB go up and come back byte for byte, several at once`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let bytes = file(number, 3_000_000 + number)
                        let url = try await upload(gateway, client, bytes)
                        let path = gateway.path(
                            "attachments/download", "file_url=\(url.replacing("%", with: "%25").replacing("&", with: "%26"))")
                        let exchange = try await client.open()
                        try await exchange.send(gateway.fields("POST", path, [("content-length", "0")]))
                        let response = await exchange.response()
                        #expect(response.status == 200 && response.isWhole, "\(response.body.readableBytes)")
                        #expect(response.field("content-length") == "\(bytes.count)")
                        #expect(Array(response.body.readableBytesView) == bytes)
                    }
                }
                try await group.waitForAll()
            }
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a slow provider slows its stream down, and no other`() async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = 64 << 10
        let length = 25_000_000
        try await RawServer.run(.init(.head, .stopReading)) { provider in
            try await TestGateway.runHTTP2(limits: limits, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                let exchange = try await client.open()
                try await exchange.send(gateway.uploadFields(length: length), ends: false)
                // Windows, pipes and the kernel's buffers of four sockets, not the file.
                #expect(try await exchange.pour(length) < length)
                let other = try await client.open()
                try await other.send(gateway.uploadFields(length: 3_000_000), ends: false)
                // What the kernel's buffers of its connection to the provider take, it takes.
                #expect(try await other.pour(1_000_000) == 1_000_000)
                #expect(try await gateway.get(client, "/ping").status == 200)
                try await client.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a slow reader slows the provider down, and gets all of the file`() async throws {
        let length = 25_000_000
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: \(length)\r\n\r\n"
        try await RawServer.run(.init(.request, .send(head), .pour(length))) { provider in
            try await TestGateway.runHTTP2(provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                let slow = try await client.open(reads: false)
                let path = gateway.path("attachments", "candidate_id=\(TestGateway.opportunity)&truto_response_format=stream")
                try await slow.send(gateway.fields("GET", path))
                #expect(try await provider.pouredAtRest() < length)
                #expect(try await gateway.get(client, "/ping").status == 200)
                try await slow.read()
                let response = await slow.response()
                #expect(response.status == 200 && response.isWhole && response.body.readableBytes == length)
                try await client.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a body that drips gets 408, and the provider has not stored it`() async throws {
        var configuration = GatewayConfiguration()
        configuration.pace = Pace(bytesPerSecond: 10_000, seconds: 1)
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(limits: limits, configuration: configuration, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                let exchange = try await client.open()
                try await exchange.send(gateway.uploadFields(length: 100_000), ends: false)
                try await exchange.send(ByteBuffer(repeating: 120, count: 5000))
                exchange.drip()
                let response = await exchange.response { $0.isWhole }
                #expect(response.status == 408 && response.text.contains("\"code\":\"too_slow\""), "\(response.text)")
                await provider.until { $0.open == 0 }
                #expect(gateway.upstream.slots.counts == (0, 0))
                try await client.close()
            }
        }
    }
}
