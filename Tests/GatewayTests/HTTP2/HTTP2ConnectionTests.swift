import NIOCore
import NIOHTTP2
import Testing
import TestSupport
import Unified

@testable import Gateway
@testable import Upstream

/// How connections of HTTP/2 and their streams end, and how many there may be.
@Suite(.serialized) struct HTTP2ConnectionTests {
    private static let half = 60_000

    /// An upload that has come half-way.
    private func begin(_ gateway: TestGateway, _ client: HTTP2Client) async throws -> HTTP2Exchange {
        let exchange = try await client.open()
        try await exchange.send(gateway.uploadFields(length: 2 * Self.half), ends: false)
        try await exchange.send(ByteBuffer(repeating: UInt8(ascii: "a"), count: Self.half))
        return exchange
    }

    private static let stored = RawServer.Script.response(
        "201 Created", "content-type: application/json\r\n", body: #"{"data": {"id": "1", "filename": "a.txt"}}"#)

    private var smallLookahead: UnifiedService.Limits {
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        return limits
    }

    @Test(.timeLimit(.minutes(5))) func `a stream that is reset ends its call, and no other`() async throws {
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(limits: smallLookahead, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                var uploads: [HTTP2Exchange] = []
                for _ in 0..<3 { uploads.append(try await begin(gateway, client)) }
                await provider.until { $0.open == 3 && $0.bytes > 3 * Self.half }
                try await uploads[1].reset()
                await provider.until { $0.open == 2 }
                while gateway.upstream.slots.counts.taken > 2 { await Task.yield() }
                #expect(try await gateway.get(client, "/ping").status == 200)
                #expect(gateway.upstream.slots.counts.taken == 2)
                try await client.close()
                await provider.until { $0.open == 0 }
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `uploads under way end whole, and then the connection and the gateway end`() async throws {
        try await RawServer.run(Self.stored) { provider in
            try await TestGateway.runHTTP2(limits: smallLookahead, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                var uploads: [HTTP2Exchange] = []
                for _ in 0..<20 { uploads.append(try await begin(gateway, client)) }
                await provider.until { $0.open == 20 && $0.bytes > 20 * Self.half }
                await gateway.drain()
                #expect(await client.goAway() == .noError)
                for upload in uploads { try await upload.send(ByteBuffer(repeating: UInt8(ascii: "b"), count: Self.half), ends: true) }
                for upload in uploads {
                    let response = await upload.response()
                    #expect(response.status == 200 && response.isWhole && response.reset == nil, "\(response.text)")
                }
                await client.ended()
                for await _ in gateway.running {}
                let whole = String(repeating: "a", count: Self.half) + String(repeating: "b", count: Self.half)
                #expect(provider.record.requests.count == 20)
                #expect(provider.record.requests.allSatisfy { $0.contains(whole) })
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a request that crosses the message gets a response, and harms no upload`() async throws {
        try await RawServer.run(Self.stored) { provider in
            try await TestGateway.runHTTP2(limits: smallLookahead, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway, takesGoAway: false)
                let upload = try await begin(gateway, client)
                await provider.until { $0.bytes > Self.half }
                await gateway.drain()
                #expect(await client.goAway() == .noError)
                let late = try await begin(gateway, client)
                let response = await late.response { $0.isWhole }
                #expect(response.status == 503 && response.field("retry-after") != nil, "\(response.text)")
                try await upload.send(ByteBuffer(repeating: UInt8(ascii: "b"), count: Self.half), ends: true)
                #expect(await upload.response().status == 200)
                try await client.close()
                for await _ in gateway.running {}
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a connection without a call ends with the gateway`(hasCalled: Bool) async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            // Without a request the handshake may not be over when the gateway goes down.
            if hasCalled { #expect(try await gateway.get(client, "/ping").status == 200) }
            await gateway.drain()
            if hasCalled { #expect(await client.goAway() == .noError) }
            await client.ended()
            for await _ in gateway.running {}
        }
    }

    @Test(.timeLimit(.minutes(5))) func `an idle connection gets GOAWAY and is closed, one with a call is not`() async throws {
        var configuration = GatewayConfiguration()
        configuration.clientIdleSeconds = 1
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(configuration: configuration, provider: provider) { gateway in
                let busy = try await HTTP2Client(gateway)
                let call = try await busy.open()
                try await call.send(gateway.fields("GET", gateway.path("attachments", "candidate_id=\(TestGateway.opportunity)")))
                await provider.until { $0.bytes > 100 }
                for hasCalled in [true, false] {
                    let idle = try await HTTP2Client(gateway)
                    if hasCalled { #expect(try await gateway.get(idle, "/ping").status == 200) }
                    #expect(await idle.goAway() == .noError)
                    await idle.ended()
                }
                #expect(provider.record.open == 1)
                #expect(try await gateway.get(busy, "/ping").status == 200)
                try await busy.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a client that opens and resets streams without end is shut out`() async throws {
        var configuration = GatewayConfiguration()
        configuration.clientIdleSeconds = 3600
        try await TestGateway.runHTTP2(configuration: configuration) { gateway in
            let client = try await HTTP2Client(gateway)
            let ended = Task { await client.ended() }
            for _ in 0..<2000 {
                guard let exchange = try? await client.open() else { break }
                try? await exchange.send(gateway.fields("GET", "/ping"))
                try? await exchange.reset()
            }
            await ended.value
            let other = try await HTTP2Client(gateway)
            #expect(try await gateway.get(other, "/ping").status == 200)
            try await other.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func `streams count as connections do, and past the limit only health is served`() async throws {
        var configuration = GatewayConfiguration()
        // The connection itself, and two streams.
        configuration.maxConnections = 3
        configuration.maxConnectionsPerPeer = 100
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(limits: smallLookahead, configuration: configuration, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                var uploads: [HTTP2Exchange] = []
                for _ in 0..<2 { uploads.append(try await begin(gateway, client)) }
                await provider.until { $0.open == 2 && $0.bytes > 2 * Self.half }
                let refused = try await gateway.get(client, "/ping")
                #expect(refused.status == 503 && refused.text.contains("\"code\":\"overloaded\""), "\(refused.text)")
                #expect(refused.field("retry-after") == "1")
                #expect(try await gateway.get(client, "/health/live").status == 200)
                try await uploads[0].reset()
                await provider.until { $0.open == 1 }
                #expect(try await gateway.get(client, "/ping").status == 200)
                try await client.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `one peer has no more streams than connections, and its connection stays`() async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerPeer = 2
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(limits: smallLookahead, configuration: configuration, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                let upload = try await begin(gateway, client)
                await provider.until { $0.bytes > Self.half }
                #expect(try await gateway.get(client, "/ping").status == 503)
                try await upload.reset()
                await provider.until { $0.open == 0 }
                #expect(try await gateway.get(client, "/ping").status == 200)
                try await client.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `the settings say how much a client may ask for`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            var received: HTTP2Settings?
            for await frame in client.frames {
                guard case .settings(.settings(let settings)) = frame else { continue }
                received = settings
                break
            }
            #expect(received?.first { $0.parameter == .maxConcurrentStreams }?.value == HTTP2Limits.streams)
            #expect(received?.first { $0.parameter == .initialWindowSize }?.value == HTTP2Limits.streamWindow)
            #expect((received?.first { $0.parameter == .maxHeaderListSize }?.value ?? 0) >= RequestHeadRules.longestHead)
            try await client.close()
        }
    }
}
