import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization

@testable import Upstream

/// A provider without sockets: connections in memory, in the pool of an `Upstream`, that end in a function.
final class MemoryProvider: Sendable {
    struct Request: Sendable {
        let method: String
        /// Path and query as they were sent.
        let target: String
        let host: String
        /// By names in small letters.
        let headers: [String: String]
        let body: String

        subscript(header: String) -> String? { headers[header] }

        /// `GET /things?n=1`.
        var line: String { "\(method) \(target)" }
    }

    struct Response: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        /// In the pieces in which it arrives; nil: the connection ends in place of a response.
        var body: [String]?

        static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Response {
            Response(status: status, headers: [("content-type", "application/json")] + headers, body: [text])
        }

        static let hangUp = Response(body: nil)
    }

    private let requests = Mutex<[Request]>([])
    private let answer: @Sendable (Request, _ before: [Request]) -> Response
    /// Never ends: a channel may still have something to do on it when its test is over.
    private static let eventLoop = NIOAsyncTestingEventLoop()

    init(_ answer: @escaping @Sendable (Request, _ before: [Request]) -> Response) { self.answer = answer }

    var received: [Request] { requests.withLock { $0 } }
    var lines: [String] { received.map(\.line) }

    /// Puts connections to an address into the pool of `upstream`, which makes none by itself.
    func connect(_ upstream: Upstream, to address: String, count: Int = 8) async throws {
        let origin = try TargetURL(address).origin
        for _ in 0..<count {
            let channel = NIOAsyncTestingChannel(loop: Self.eventLoop)
            try await channel.connect(to: SocketAddress(unixDomainSocketPath: "provider")).get()
            try await Self.eventLoop.submit {
                let handler = ExchangeHandler(limit: HeadLimit())
                try channel.pipeline.syncOperations.addHandlers([Peer(self), handler])
                upstream.pool.adopt(Connection(origin: origin, channel: channel, handler: handler))
                handler.onRelease?(true)
            }.get()
        }
    }

    fileprivate func response(to request: Request) -> Response {
        let before = requests.withLock { requests in
            defer { requests.append(request) }
            return requests
        }
        return answer(request, before)
    }
}

/// Takes the place of the HTTP codec and the socket below it.
private final class Peer: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias InboundOut = HTTPClientResponsePart

    private let provider: MemoryProvider
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var unflushed: [EventLoopPromise<Void>] = []

    init(_ provider: MemoryProvider) { self.provider = provider }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(.byteBuffer(var chunk)):
            body.writeBuffer(&chunk)
            // A request of a known length has its end there, and nothing more may be written.
            if head?.headers.first(name: "content-length") == "\(body.readableBytes)" { requestEnded(context) }
        case .body: break
        case .end: requestEnded(context)
        }
        if let promise { unflushed.append(promise) }
    }

    func flush(context: ChannelHandlerContext) {
        let flushed = unflushed
        unflushed = []
        for promise in flushed { promise.succeed() }
    }

    private func requestEnded(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.0.respond(bound.value.1) }
    }

    private func respond(_ context: ChannelHandlerContext) {
        guard let head else { return }
        self.head = nil
        let response = provider.response(
            to: MemoryProvider.Request(
                method: head.method.rawValue, target: head.uri, host: head.headers.first(name: "host") ?? "",
                headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }, body: String(buffer: body)))
        guard let chunks = response.body else { return context.close(promise: nil) }
        var headers = HTTPHeaders(response.headers)
        if !headers.contains(name: "content-length") {
            headers.add(name: "content-length", value: "\(chunks.reduce(0) { $0 + $1.utf8.count })")
        }
        let responseHead = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.fireChannelRead(wrapInboundOut(.head(responseHead)))
        for chunk in chunks where !chunk.isEmpty { context.fireChannelRead(wrapInboundOut(.body(ByteBuffer(string: chunk)))) }
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
}
