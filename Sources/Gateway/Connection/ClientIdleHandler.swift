import NIOCore
import NIOHTTP1

/// Closes a connection whose client has left the gateway waiting for too long, within a request or between two.
///
/// Only silence that was asked to end counts. While the gateway does not read, because a provider is slow, or while an
/// answer is being made and written, it is not the client that is idle.
final class ClientIdleHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limit: TimeAmount
    /// When the client last did something, or was last asked to.
    private var lastMove = NIODeadline.now()
    /// A read has been asked for and nothing has come since.
    private var isAsked = false
    /// Requests that came whole and are not answered.
    private var unanswered = 0
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) { arm(context) }

    func handlerRemoved(context: ChannelHandlerContext) { disarm() }

    func channelInactive(context: ChannelHandlerContext) {
        disarm()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastMove = .now()
        if case .end = unwrapInboundIn(data) { unanswered += 1 }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isAsked = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if !isAsked {
            isAsked = true
            lastMove = .now()
        }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered = max(unanswered - 1, 0)
            lastMove = .now()
        }
        context.write(data, promise: promise)
    }

    private func arm(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: lastMove + limit) { self.check(context) }
    }

    private func disarm() {
        timer?.cancel()
        timer = nil
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if !isAsked || unanswered > 0 { lastMove = now }
        guard lastMove + limit > now else { return context.close(promise: nil) }
        arm(context)
    }
}
