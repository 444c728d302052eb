#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
package import NIOSSL

/// A TCP or TLS server that does what its script says, good manners or not.
package final class RawServer: Sendable {
    package enum Trigger: Sendable {
        /// The request's head is complete.
        case head
        /// The whole request is there.
        case request
        /// So many bytes of it have arrived.
        case bytes(Int)
    }

    package enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        case close
        /// RST instead of FIN.
        case reset
        /// The end of the connection without the end of TLS.
        case cut
        case closeOutput
        case stopReading
        /// Further bytes, one at a time, for ever.
        case drip
        /// So many bytes, as fast as the client takes them.
        case pour(Int)
    }

    package struct Script: Sendable {
        let trigger: Trigger
        let steps: [Step]

        package init(_ trigger: Trigger, _ steps: Step...) { self.init(trigger, steps: steps) }

        package init(_ trigger: Trigger, steps: [Step]) {
            self.trigger = trigger
            self.steps = steps
        }

        package static func response(_ status: String, _ headers: String = "", body: String = "", at trigger: Trigger = .request) -> Script
        {
            Script(trigger, .send("HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"))
        }

        package static let silence = Script(.bytes(.max))
    }

    package struct Seen: Sendable {
        package var connections = 0
        package var open = 0
        package var requests: [String] = []
        package var bytes = 0
        /// Of `pour`, taken by the client or its system.
        package var poured = 0
        package var addresses: [String] = []
        /// What TLS clients asked for by name; nil where they named nobody.
        package var names: [String?] = []
    }

    // Not a `Mutex`, which the thread sanitizer does not understand.
    private let seen = NIOLockedValueBox(Seen())
    private let scripts: [Script]
    private let channel = NIOLockedValueBox<(any Channel)?>(nil)
    private let changes: (stream: AsyncStream<Void>, next: AsyncStream<Void>.Continuation)

    package var port: Int { channel.withLockedValue { $0?.localAddress?.port ?? 0 } }
    package var url: String { "http://127.0.0.1:\(port)" }

    package func secureURL(_ host: String) -> String { "https://\(host):\(port)" }

    package var record: Seen { seen.withLockedValue { $0 } }

    private init(_ scripts: [Script]) {
        self.scripts = scripts
        let made = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        changes = (made.stream, made.continuation)
    }

    /// Each request takes the next script; the last one serves for all that follow.
    package static func run<Result>(
        _ scripts: Script..., tls: TLSConfiguration? = nil, body: (RawServer) async throws -> Result
    ) async throws -> Result {
        try await run(scripts, tls: tls, body: body)
    }

    package static func run<Result>(
        _ scripts: [Script], tls: TLSConfiguration? = nil, body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let server = RawServer(scripts)
        let security = try tls.map { try server.security($0) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(Wire())
                    if let security { try pipeline.addHandler(NIOSSLServerHandler(context: security)) }
                    try pipeline.addHandler(Peer(server))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLockedValue { $0 = channel }
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    /// Waits until what was seen satisfies `condition`.
    package func until(_ condition: (Seen) -> Bool) async {
        if condition(record) { return }
        for await _ in changes.stream where condition(record) { return }
    }

    /// What was poured when the client stopped taking any.
    package func pouredAtRest() async throws -> Int {
        await until { $0.poured > 0 }
        var poured = 0
        while record.poured > poured {
            poured = record.poured
            // Nothing tells that a peer will never read on; a second without a byte on a loopback does.
            try await MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: .seconds(1)) {}.futureResult.get()
        }
        return poured
    }

    private func security(_ configuration: TLSConfiguration) throws -> NIOSSLContext {
        var configuration = configuration
        configuration.sslContextCallback = { [weak self] hello, response in
            self?.note { $0.names.append(hello.serverHostname) }
            response.succeed(.noChanges)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    fileprivate func note(_ change: (inout Seen) -> Void) {
        seen.withLockedValue { change(&$0) }
        changes.next.yield()
    }

    fileprivate func nextScript() -> Script {
        seen.withLockedValue { scripts[min($0.requests.count, scripts.count - 1)] }
    }
}

/// One connection of a `RawServer`.
private final class Peer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let server: RawServer
    private var received: [UInt8] = []
    private var tail: [UInt8] = []
    private var count = 0
    private var head: String?
    private var done = false

    init(_ server: RawServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
        let local = context.localAddress?.ipAddress ?? ""
        server.note {
            $0.connections += 1
            $0.open += 1
            $0.addresses.append(local)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        server.note { $0.open -= 1 }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let chunk = unwrapInboundIn(data)
        count += chunk.readableBytes
        server.note { $0.bytes += chunk.readableBytes }
        if received.count < 1 << 20 { received.append(contentsOf: chunk.readableBytesView) }
        tail = (tail + chunk.readableBytesView.suffix(5)).suffix(5)
        check(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The client has hung up.
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func check(_ context: ChannelHandlerContext) {
        guard !done else { return }
        if head == nil { head = Self.head(of: received) }
        let script = server.nextScript()
        switch script.trigger {
        case .head: guard head != nil else { return }
        case .bytes(let limit): guard count >= limit else { return }
        case .request: guard let head, isComplete(head) else { return }
        }
        let text = String(decoding: received, as: UTF8.self)
        if case .request = script.trigger {
            received = []
            count = 0
            self.head = nil
        } else {
            done = true
        }
        server.note { $0.requests.append(text) }
        for step in script.steps { perform(step, context) }
    }

    private func isComplete(_ head: String) -> Bool {
        if head.contains("chunked") { return tail.elementsEqual("0\r\n\r\n".utf8) }
        let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.dropFirst(16)) } ?? 0
        return count - head.utf8.count >= length
    }

    /// The head with its blank line, once it is whole.
    private static func head(of bytes: [UInt8]) -> String? {
        let end = Array("\r\n\r\n".utf8)
        let start = bytes.prefix(4096)
        guard let index = start.indices.first(where: { start[$0...].starts(with: end) }) else { return nil }
        return String(decoding: start[..<(index + 4)], as: UTF8.self)
    }

    private func perform(_ step: RawServer.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .send(let text): context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
        case .bytes(let bytes): context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
        case .close: context.close(promise: nil)
        case .reset:
            let provider = context.channel as? any SocketOptionProvider
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in Wire.cut(context.value) }
        case .cut: Wire.cut(context)
        case .closeOutput: context.close(mode: .output, promise: nil)
        case .stopReading: _ = context.channel.setOption(.autoRead, value: false)
        case .drip:
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.value.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
                guard context.value.channel.isActive else { return task.cancel() }
                context.value.writeAndFlush(NIOAny(ByteBuffer(string: ".")), promise: nil)
            }
        case .pour(let count): pour(count, context)
        }
    }

    private func pour(_ count: Int, _ context: ChannelHandlerContext) {
        guard count > 0 else { return }
        let block = ByteBuffer(repeating: 120, count: min(count, 64 << 10))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(NIOAny(block)).whenSuccess {
            let (peer, context) = bound.value
            peer.server.note { $0.poured += block.readableBytes }
            peer.pour(count - block.readableBytes, context)
        }
    }
}

/// Stands below TLS, so that a connection can end without it.
private final class Wire: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    static func cut(_ context: ChannelHandlerContext) {
        try? context.pipeline.syncOperations.context(handlerType: Wire.self).close(promise: nil)
    }
}
