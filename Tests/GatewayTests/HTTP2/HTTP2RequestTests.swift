import NIOCore
import NIOHTTP2
import Testing
import TestSupport

@testable import Gateway

/// Requests and responses of HTTP/2, each on a stream of its own.
@Suite struct HTTP2RequestTests {
    @Test(.timeLimit(.minutes(5))) func `100 requests at once on one connection all get their response`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            var exchanges: [HTTP2Exchange] = []
            for number in 0..<100 {
                let exchange = try await client.open()
                try await exchange.send(gateway.fields("GET", number % 2 == 0 ? "/ping" : "/nowhere"))
                exchanges.append(exchange)
            }
            for (number, exchange) in exchanges.enumerated() {
                let response = await exchange.response()
                #expect(response.status == (number % 2 == 0 ? 200 : 404))
                #expect(response.isWhole && response.reset == nil)
                #expect(response.field("content-length") == "\(response.body.readableBytes)")
                #expect(response.field("connection") == nil && response.field("transfer-encoding") == nil)
            }
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["/ping", "/", "/openapi.json", "/nowhere"])
    func `HEAD is GET without the body`(path: String) async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            let head = try await gateway.get(client, path, method: "HEAD")
            let get = try await gateway.get(client, path)
            #expect(head.status == get.status && head.isWhole && head.reset == nil)
            #expect(head.body.readableBytes == 0 && get.body.readableBytes > 0)
            #expect(head.field("content-length") == get.field("content-length"))
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [204, 304])
    func `a provider's status without a body has none here`(status: Int) async throws {
        try await RawServer.run(.init(.request, .send("HTTP/1.1 \(status) X\r\ncontent-length: 5\r\n\r\n"))) { provider in
            try await TestGateway.runHTTP2(provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                for format in ["raw", "stream"] {
                    let path = gateway.path("attachments", "candidate_id=\(TestGateway.opportunity)&truto_response_format=\(format)")
                    let response = try await gateway.get(client, path)
                    #expect(response.status == status && response.isWhole && response.reset == nil, "\(format)")
                    #expect(response.body.readableBytes == 0 && response.field("content-length") == nil, "\(format)")
                }
                try await client.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a file that is too large is refused before it is sent`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            for more in [[], [("expect", "100-continue")]] {
                let exchange = try await client.open()
                try await exchange.send(gateway.uploadFields(length: 99_000_000, more), ends: false)
                let response = await exchange.response { $0.isWhole }
                #expect(response.statuses == [413], "\(response.text)")
                #expect(response.text.contains("\"request_id\""))
            }
            #expect(try await gateway.received().isEmpty)
            #expect(try await gateway.get(client, "/ping").status == 200)
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a client that waits for 100 gets it once its call is accepted`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            let exchange = try await client.open()
            try await exchange.send(gateway.uploadFields(length: 5, [("expect", "100-continue")]), ends: false)
            let begun = await exchange.response { $0.statuses == [100] }
            #expect(begun.statuses == [100])
            try await exchange.send(ByteBuffer(string: "hello"), ends: true)
            let response = await exchange.response()
            #expect(response.statuses == [200] && response.isWhole, "\(response.text)")
            try await client.close()
        }
    }

    /// Each is short on the wire, where it is repeated or made of characters with short codes: the client here makes one frame.
    @Test(.timeLimit(.minutes(5)), arguments: [(1, 25_000, 200), (30, 4000, 200), (40, 4000, 431)])
    func `the first request already may have the largest fields`(count: Int, length: Int, status: Int) async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            let exchange = try await client.open()
            let more = Array(repeating: ("x", String(repeating: "a", count: length)), count: count)
            try await exchange.send(gateway.fields("GET", "/ping", more))
            let response = await exchange.response()
            #expect(response.status == status && response.isWhole, "\(response)")
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func `fields that are far too large end their connection, and no other`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            let exchange = try await client.open()
            let more = Array(repeating: ("x", String(repeating: "a", count: 4000)), count: 1000)
            try await exchange.send(gateway.fields("GET", "/ping", more))
            #expect(await exchange.response().statuses == [])
            await client.ended()
            let other = try await HTTP2Client(gateway)
            #expect(try await gateway.get(other, "/ping").status == 200)
            try await other.close()
        }
    }
}
