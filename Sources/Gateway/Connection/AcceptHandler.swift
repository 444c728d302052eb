import Logging
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Accepts connections no faster than there is room for them.
///
/// Those that are not accepted wait in the kernel's queue. Where the process runs out of descriptors, accepting rests for
/// a moment: to try again at once, and fail at once, would take a processor and give nobody a connection.
final class AcceptHandler: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private static let rest = TimeAmount.milliseconds(200)
    /// What passes by itself; anything else ends the server.
    private static let passing: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED]

    private let limiter: ConnectionLimiter
    private let logger: Logger
    private var isResting = false
    private var isReadHeldBack = false
    private var hasWarned = false

    init(_ limiter: ConnectionLimiter, logger: Logger) {
        self.limiter = limiter
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        limiter.whenRoom { eventLoop.execute { bound.value.0.readOn(bound.value.1) } }
    }

    func read(context: ChannelHandlerContext) {
        if isResting || !limiter.mayAccept { isReadHeldBack = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasWarned = false
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.passing.contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        // A client that gave up while it waited takes no descriptor.
        guard error.errnoCode != ECONNABORTED, !isResting else { return }
        if !hasWarned { logger.warning("No connection can be accepted for now", metadata: ["errno": "\(error.errnoCode)"]) }
        hasWarned = true
        isResting = true
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) {
            self.isResting = false
            self.readOn(context)
        }
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard isReadHeldBack, !isResting, limiter.mayAccept else { return }
        isReadHeldBack = false
        context.read()
    }
}
