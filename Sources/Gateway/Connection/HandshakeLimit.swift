import NIOCore
import NIOTLS

/// Closes a connection on which no TLS has come about in time, or before the gateway goes down. Comes behind the handler
/// that makes it.
final class HandshakeLimit: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?
    private var isDone = false

    init(_ limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            isDone = true
            timer?.cancel()
        }
        // Until then no handler behind this one could act on it.
        if event is ChannelShouldQuiesceEvent, !isDone { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
