import NIOCore
import NIOHTTP1
import NIOPosix

/// Makes connections to addresses that have been checked.
struct Connector: Sendable {
    let security: TransportSecurity
    let pool: ConnectionPool

    /// Connects to `address`, and to nothing else; `url` gives the port, and the name for TLS to verify.
    ///
    /// TLS is negotiated with the first write, and its failure is that exchange's, with nothing sent.
    /// - Throws: `UpstreamError` with code `could_not_connect` or `cancelled`.
    func connect(
        _ url: TargetURL, at address: IPAddress, on eventLoop: any EventLoop, timeout: TimeAmount
    ) async throws(UpstreamError) -> Connection {
        let result = eventLoop.makePromise(of: Connection.self)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // What waits for a slow provider waits in the kernel and in the body's pipe, not here as well.
            .channelOption(.writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 4 << 10, high: 8 << 10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if url.scheme == .https { try pipeline.addHandler(security.clientHandler(for: url.host)) }
                    let limit = HeadLimit()
                    try pipeline.addHandler(limit)
                    // `HeaderRules` has looked at every field.
                    try pipeline.addHTTPClientHandlers(
                        leftOverBytesStrategy: .dropBytes, enableOutboundHeaderValidation: false)
                    try pipeline.addHandler(ExchangeHandler(limit: limit))
                }
            }
        do {
            let socketAddress = try SocketAddress(ipAddress: "\(address)", port: url.port)
            return try await withTaskCancellationHandler {
                bootstrap.connect(to: socketAddress)
                    .flatMapThrowing { channel in
                        let handler = try channel.pipeline.syncOperations.handler(type: ExchangeHandler.self)
                        let connection = Connection(origin: url.origin, channel: channel, handler: handler)
                        pool.adopt(connection)
                        // Nobody waits any more: the connection came too late.
                        result.futureResult.whenFailure { _ in channel.close(promise: nil) }
                        return connection
                    }
                    .cascade(to: result)
                return try await result.futureResult.get()
            } onCancel: {
                result.fail(CancellationError())
            }
        } catch is CancellationError {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        } catch ChannelError.connectTimeout {
            throw .couldNotConnect("no connection within \(timeout.nanoseconds / 1_000_000) ms")
        } catch {
            throw .couldNotConnect(Failure.reason(error))
        }
    }
}
