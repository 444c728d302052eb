import NIOCore
import NIOHTTP2
import Testing

@testable import Gateway

/// Fields that two readers might understand differently (RFC 9113 §8.2, §8.3): a stream that has them is reset, or gets a
/// response that says why, and its connection goes on.
@Suite struct HTTP2SmugglingTests {
    enum End: Sendable, Equatable {
        case status(Int)
        case reset
    }

    struct Row: Sendable {
        var name: String
        var fields: [(String, String)]
        var body: String?
        var end = End.reset

        /// The pseudo-header fields, and what comes behind them.
        init(
            _ name: String, method: String? = "GET", scheme: String? = "https", authority: String? = "a",
            path: String? = "/health/live", _ more: (String, String)..., body: String? = nil, end: End = .reset
        ) {
            let pseudo = [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)]
            self.name = name
            fields = pseudo.compactMap { name, value in value.map { (name, $0) } } + more
            self.body = body
            self.end = end
        }
    }

    static let rows: [Row] = [
        Row("nothing special", end: .status(200)),
        Row("a name in capitals", ("X-Name", "y")),
        Row("Connection", ("connection", "close")),
        Row("Keep-Alive", ("keep-alive", "timeout=5")),
        Row("Proxy-Connection", ("proxy-connection", "close")),
        Row("Upgrade", ("upgrade", "h2c")),
        Row("Transfer-Encoding", ("transfer-encoding", "chunked")),
        Row("TE of chunks", ("te", "gzip")),
        Row("TE of trailers", ("te", "trailers"), end: .status(200)),
        Row("a blank in a name", ("x y", "z")),
        Row("a colon in a name", ("x:y", "z")),
        Row("a line's end in a name", ("x\r\ny", "z")),
        Row("a line's end in a value", ("x", "y\r\nz: a")),
        Row("a return in a value", ("x", "y\rz")),
        Row("a NUL in a value", ("x", "y\u{0}z")),
        Row("a pseudo-header field behind others", path: nil, ("x", "y"), (":path", "/health/live")),
        Row("a path that is there twice", (":path", "/ping")),
        Row("an unknown pseudo-header field", (":x", "y")),
        Row("a status", (":status", "200")),
        Row("no path", path: nil),
        Row("an empty path", path: ""),
        Row("a blank in the path", path: "/health/live HTTP/1.1"),
        Row("a path without a slash", path: "health/live", end: .status(400)),
        Row("no scheme", scheme: nil),
        Row("no method", method: nil),
        Row("a method in small letters", method: "get", end: .status(405)),
        Row("a method that is no token", method: "GET /x"),
        Row("CONNECT", method: "CONNECT", scheme: nil, authority: "a:443", path: nil, end: .status(404)),
        Row("no host", authority: nil, end: .status(400)),
        Row("an authority with a user", authority: "b@a", end: .status(400)),
        Row("a host in place of the authority", authority: nil, ("host", "a"), end: .status(200)),
        Row("a host like the authority", ("host", "a"), end: .status(200)),
        Row("a host unlike the authority", ("host", "b"), end: .status(400)),
        Row("two hosts", ("host", "a"), ("host", "b"), end: .status(400)),
        Row("a length without a body", ("content-length", "5")),
        Row("two lengths", ("content-length", "5"), ("content-length", "9"), body: "hello"),
        Row("a signed length", ("content-length", "+5"), body: "hello", end: .status(400)),
        Row("a length that fits", ("content-length", "5"), body: "hello", end: .status(200)),
        Row("a body without a length", body: "hello", end: .status(200)),
    ]

    @Test(.timeLimit(.minutes(5))) func `what could be read in two ways is refused`() async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            for row in Self.rows {
                let exchange = try await client.open()
                try await exchange.send(row.fields, ends: row.body == nil)
                if let body = row.body { exchange.queue(ByteBuffer(string: body), ends: true) }
                let response = await exchange.response()
                switch row.end {
                case .status(let status): #expect(response.statuses == [status], "\(row.name): \(response.text)")
                case .reset: #expect(response.statuses == [] && response.reset == .protocolError, "\(row.name): \(response)")
                }
                if let status = response.status, status >= 400 {
                    let id = response.field("x-request-id")
                    #expect(id != nil && response.text.contains("\"request_id\":\"\(id ?? "")\""), "\(row.name): \(response.text)")
                    #expect(response.field("x-content-type-options") == "nosniff", "\(row.name)")
                }
            }
            #expect(try await gateway.get(client, "/ping").status == 200)
            try await client.close()
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [4, 6]) func `a body that is not as long as it says is no file`(length: Int) async throws {
        try await TestGateway.runHTTP2 { gateway in
            let client = try await HTTP2Client(gateway)
            let exchange = try await client.open()
            try await exchange.send(gateway.uploadFields(length: length), ends: false)
            exchange.queue(ByteBuffer(string: "hello"), ends: true)
            let response = await exchange.response()
            #expect(response.status == nil && response.reset == .protocolError, "\(response)")
            #expect(try await gateway.get(client, "/ping").status == 200)
            #expect(try await gateway.received().isEmpty)
            try await client.close()
        }
    }
}
