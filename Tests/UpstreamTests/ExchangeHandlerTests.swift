import NIOCore
import NIOEmbedded
import NIOHTTP1
import TestSupport
import Testing

@testable import Upstream

/// One exchange after the other on a connection in memory.
struct `Exchanges on a connection` {
    /// A connection whose other side is the test.
    private final class Line {
        let channel = EmbeddedChannel()
        let connection: Connection
        private(set) var released: [Bool] = []

        init() throws {
            let limit = HeadLimit()
            let handler = ExchangeHandler(limit: limit)
            try channel.pipeline.syncOperations.addHandlers([handler])
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "line")).wait()
            connection = Connection(origin: try TargetURL("https://e.test/").origin, channel: channel, handler: handler)
            connection.whenReleased { [unowned self] in released.append($0) }
        }

        func exchange(_ body: Exchange.Body = .none, isSafe: Bool = true) -> Exchange {
            Exchange(
                head: HTTPRequestHead(version: .http1_1, method: .POST, uri: "/x"), body: body, isSafe: isSafe,
                deadlines: .init(connect: .distantFuture), connection: connection, responseCapacity: 10)
        }

        /// An exchange that was started.
        func started(_ body: Exchange.Body = .none, isSafe: Bool = true) -> (exchange: Exchange, result: Result) {
            let exchange = exchange(body, isSafe: isSafe)
            let result = Result(exchange)
            connection.start(exchange)
            return (exchange, result)
        }

        func answer(_ status: Int, keepAlive: Bool = true, body: String? = nil, ends: Bool = true) throws {
            let headers: HTTPHeaders = keepAlive ? [:] : ["connection": "close"]
            let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
            try channel.writeInbound(HTTPClientResponsePart.head(head))
            if let body { try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: body))) }
            if ends { try channel.writeInbound(HTTPClientResponsePart.end(nil)) }
        }

        /// What was sent so far: `head`, chunks, `end`.
        func sent() throws -> [String] {
            var parts: [String] = []
            while let part = try channel.readOutbound(as: HTTPClientRequestPart.self) {
                switch part {
                case .head(let head): parts.append(head.uri)
                case .body(.byteBuffer(let chunk)): parts.append(String(buffer: chunk))
                case .body: parts.append("?")
                case .end: parts.append("end")
                }
            }
            return parts
        }

        /// Ends the connection, which lets go of its exchange.
        func close() { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    /// What became of an exchange so far.
    private final class Result {
        private(set) var status: Int?
        private(set) var code: UpstreamError.Code?
        private(set) var hasStarted = false

        init(_ exchange: Exchange) {
            exchange.response.futureResult.assumeIsolated().whenComplete { result in
                switch result {
                case .success(let head): self.status = Int(head.status.code)
                case .failure(let error): self.code = (error as? UpstreamError)?.code
                }
            }
            exchange.started?.futureResult.assumeIsolated().whenSuccess { self.hasStarted = true }
        }
    }

    private static func with(_ body: (Line) throws -> Void) throws {
        let line = try Line()
        defer { line.close() }
        try body(line)
    }

    // MARK: One after the other

    @Test func `follow each other on one connection`() throws {
        try Self.with { line in
            for status in [200, 204, 404, 500] {
                let (_, result) = line.started(.bytes(ByteBuffer(string: "abc")))
                let sent = try line.sent()
                #expect(sent == ["/x", "abc", "end"])
                try line.answer(status)
                #expect(result.status == status)
            }
            #expect(line.released == [true, true, true, true] && line.channel.isActive)
        }
    }

    @Test func `do not share it`() throws {
        try Self.with { line in
            let (first, result) = line.started()
            let (_, second) = line.started()
            #expect(second.code == .couldNotConnect && result.code == nil)
            line.connection.cancel(first)
        }
    }

    @Test func `end with the connection where the provider says so`() throws {
        try Self.with { line in
            let (_, result) = line.started()
            try line.answer(200, keepAlive: false)
            #expect(result.status == 200 && line.released == [false] && !line.channel.isActive)
        }
    }

    @Test func `that were cancelled before they began leave the connection unused`() throws {
        try Self.with { line in
            let exchange = line.exchange()
            let result = Result(exchange)
            exchange.markCancelled()
            line.connection.start(exchange)
            #expect(result.code == .cancelled && line.released == [true])
            let sent = try line.sent()
            #expect(sent.isEmpty)
        }
    }

    @Test func `cannot begin on a connection that is gone`() throws {
        try Self.with { line in
            line.close()
            #expect(line.started().result.code == .couldNotConnect)
        }
    }

    // MARK: Early responses

    @Test(arguments: [(200, false), (201, false), (301, true), (413, true), (500, true)])
    func `stop an upload that was refused, and read on where it was not`(status: Int, stops: Bool) throws {
        try Self.with { line in
            let pipe = BodyPipe(capacity: 100)
            let (_, result) = line.started(.pipe(pipe, length: nil))
            #expect(result.hasStarted)
            try pipe.push(ByteBuffer(string: "a"))
            try line.answer(status, ends: false)
            #expect(result.status == status)
            if stops {
                #expect(throws: BodyPipeClosed.self) { try pipe.push(ByteBuffer(string: "b")) }
            } else {
                #expect(throws: Never.self) { try pipe.push(ByteBuffer(string: "b")) }
            }
            try line.channel.writeInbound(HTTPClientResponsePart.end(nil))
            #expect(line.released == [false], "the rest of the body would be taken for the next request")
            #expect(throws: BodyPipeClosed.self) { try pipe.push(ByteBuffer(string: "c")) }
        }
    }

    @Test(arguments: [100, 102, 103, 199]) func `wait for the response behind an interim one`(status: Int) throws {
        try Self.with { line in
            let (_, result) = line.started()
            try line.answer(status, ends: false)
            #expect(result.status == nil && result.code == nil)
            try line.answer(200)
            #expect(result.status == 200 && line.released == [true])
        }
    }

    @Test(arguments: [101, 99, 0, 600, 999]) func `end where the response is none`(status: Int) throws {
        try Self.with { line in
            let (_, result) = line.started(isSafe: false)
            try line.answer(status, ends: false)
            #expect(result.code == .badResponse && !line.channel.isActive)
        }
    }

    @Test func `take nothing that nobody has asked for`() throws {
        try Self.with { line in
            let (_, result) = line.started()
            try line.answer(200)
            #expect(result.status == 200)
            try line.answer(200, body: "smuggled")
            #expect(!line.channel.isActive, "the next request must not take it for its response")
        }
    }

    // MARK: Ends of the connection

    @Test(arguments: [(true, UpstreamError.Code.interrupted), (false, .outcomeUnknown)])
    func `mean what had left when the connection ended`(isSafe: Bool, code: UpstreamError.Code) throws {
        try Self.with { line in
            let (_, result) = line.started(.bytes(ByteBuffer(string: "abc")), isSafe: isSafe)
            line.close()
            #expect(result.code == code && line.released == [false])
        }
        // A body that had not left whole cannot have been acted upon.
        try Self.with { line in
            let (_, result) = line.started(.pipe(BodyPipe(capacity: 10), length: nil), isSafe: isSafe)
            line.close()
            #expect(result.code == .interrupted)
        }
    }

    @Test(
        arguments: [
            (HTTPParserError.invalidEOFState, .interrupted), (HTTPParserError.invalidStatus, .badResponse),
            (HeadLimit.TooLarge(), .badResponse),
            (Boom(), .interrupted),
        ] as [(any Error & Sendable, UpstreamError.Code)])
    func `mean what was wrong with the response`(error: any Error & Sendable, code: UpstreamError.Code) throws {
        try Self.with { line in
            let (_, result) = line.started()
            line.channel.pipeline.fireErrorCaught(error)
            #expect(result.code == code && !line.channel.isActive)
        }
    }

    @Test func `have their body break off with the connection`() throws {
        try Self.with { line in
            let (exchange, result) = line.started()
            try line.answer(200, body: "abc", ends: false)
            #expect(result.status == 200)
            line.close()
            guard case .failed(let error) = exchange.responseBody.poll() else {
                Issue.record("the body did not fail")
                return
            }
            #expect((error as? UpstreamError)?.code == .interrupted)
        }
    }

    @Test func `fail as their body's producer does`() throws {
        try Self.with { line in
            let pipe = BodyPipe(capacity: 10)
            pipe.fail(Boom())
            let (_, result) = line.started(.pipe(pipe, length: nil))
            #expect(result.code == .sourceFailed && !line.channel.isActive)
            let sent = try line.sent()
            #expect(!sent.contains("end"), "a provider must not take it for whole")
        }
    }

    // MARK: Giving way

    @Test func `give way to others as long as nothing can have been carried out`() throws {
        try Self.with { line in
            let (exchange, result) = line.started(.pipe(BodyPipe(capacity: 10), length: nil), isSafe: false)
            let stuck = Counter()
            line.connection.giveWay(exchange) { stuck.add() }
            #expect(result.code == .providerBusy && stuck.count == 0 && !line.channel.isActive)
        }
        try Self.with { line in
            let (exchange, result) = line.started(.bytes(ByteBuffer(string: "abc")), isSafe: false)
            let stuck = Counter()
            line.connection.giveWay(exchange) { stuck.add() }
            #expect(result.code == nil && stuck.count == 1 && line.channel.isActive)
        }
        try Self.with { line in
            let (exchange, result) = line.started(.bytes(ByteBuffer(string: "abc")), isSafe: true)
            line.connection.giveWay(exchange) {}
            #expect(result.code == .providerBusy)
        }
    }

    @Test func `are cancelled by their own caller alone`() throws {
        try Self.with { line in
            let (first, _) = line.started()
            try line.answer(200)
            let (second, result) = line.started()
            line.connection.cancel(first)
            #expect(result.code == nil && line.channel.isActive)
            line.connection.cancel(second)
            #expect(result.code == .cancelled && !line.channel.isActive)
        }
    }

    // MARK: Pressure

    @Test func `are read no faster than their reader reads`() throws {
        try Self.with { line in
            let (exchange, _) = line.started()
            try line.answer(200, body: String(repeating: "x", count: 20), ends: false)
            #expect(exchange.responseBody.bytesOffered == 20)
            guard case .chunk(let chunk) = exchange.responseBody.poll() else {
                Issue.record("no chunk")
                return
            }
            #expect(chunk.readableBytes == 20)
            try line.channel.writeInbound(HTTPClientResponsePart.end(nil))
            #expect(line.released == [true])
        }
    }

    // MARK: Heads

    @Test(arguments: [(HeadLimit.bytes, false), (HeadLimit.bytes + 1, true)]) func `have heads of a bounded length`(
        size: Int, isRefused: Bool
    ) throws {
        let channel = EmbeddedChannel(handler: HeadLimit())
        try channel.writeInbound(ByteBuffer(repeating: 120, count: size - 1))
        if isRefused {
            #expect(throws: HeadLimit.TooLarge.self) { try channel.writeInbound(ByteBuffer(repeating: 120, count: 2)) }
        } else {
            #expect(throws: Never.self) { try channel.writeInbound(ByteBuffer(repeating: 120, count: 1)) }
        }
        _ = try? channel.finish()
    }

    @Test func `have bodies of any length behind them`() throws {
        let limit = HeadLimit()
        let channel = EmbeddedChannel(handler: limit)
        for _ in 0..<10 {
            try channel.writeInbound(ByteBuffer(repeating: 120, count: HeadLimit.bytes))
            limit.passed()
        }
        _ = try channel.finish()
    }
}
