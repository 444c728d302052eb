package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
package import Telemetry

/// `GET /metrics` on an address of its own: what it says is for the operator, not for callers.
package struct MetricsServer: Service {
    private let host: String
    private let port: Int
    private let registry: PrometheusRegistry
    private let meters: Meters
    private let logger: Logger
    private let onRunning: @Sendable (Int) -> Void
    private let dropped: @Sendable () -> Int

    /// - Parameters:
    ///   - port: 0 picks one.
    ///   - dropped: rows of the log that were dropped so far.
    ///   - onRunning: called with the port once it listens.
    package init(
        host: String, port: Int, registry: PrometheusRegistry, logger: Logger,
        dropped: @escaping @Sendable () -> Int = { 0 }, onRunning: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.registry = registry
        meters = Meters(registry)
        self.logger = logger
        self.dropped = dropped
        self.onRunning = onRunning
    }

    package func run() async throws {
        meters.set(.build, [AttacheVersion.current], 1)
        let text = page
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(MetricsHandler(text: text))
                }
            }
            .bind(host: host, port: port).get()
        let port = channel.localAddress?.port ?? port
        logger.notice("Serving metrics", metadata: ["host": .string(host), "port": .stringConvertible(port)])
        onRunning(port)
        let lag = EventLoopLag(meters: meters)
        await cancelWhenGracefulShutdown { await lag.run() }
        try? await channel.close()
    }

    private var page: @Sendable () -> String {
        { [registry, meters, dropped] in
            ProcessFigures.read().tell(meters)
            meters.set(.logDropped, [], Double(dropped()))
            return registry.text()
        }
    }
}

/// Responds to `GET /metrics`, and to nothing else.
private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let text: @Sendable () -> String
    private var head: HTTPRequestHead?

    init(text: @escaping @Sendable () -> String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            let isFound = head.uri.split(separator: "?").first == "/metrics"
            let isRead = head.method == .GET || head.method == .HEAD
            let status: HTTPResponseStatus = isFound ? (isRead ? .ok : .methodNotAllowed) : .notFound
            let body = context.channel.allocator.buffer(string: status == .ok ? text() : "\(status.code) \(status.reasonPhrase)\n")
            let fields: HTTPHeaders = [
                "content-type": "text/plain; version=0.0.4; charset=utf-8", "content-length": "\(body.readableBytes)",
            ]
            let response = HTTPResponseHead(version: head.version, status: status, headers: fields)
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
