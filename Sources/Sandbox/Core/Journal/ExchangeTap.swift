import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// Sits on each connection and records what arrives, whether or not a handler reads it.
///
/// It also plays the part of a bad network on the request side, because only here bytes can be counted
/// exactly and reading can be stopped: see `BehaviourAction.Transfer`.
/// The handler finds its exchange by the id that the tap puts in an internal header.
final class ExchangeTap: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let core: SandboxCore
    private var exchange: Exchange?
    private var transfer: BehaviourAction.Transfer?
    /// Reads asked for meanwhile wait until the hold ends.
    private var isHolding = false
    private var isReadWaiting = false
    /// When a throttled connection may read on.
    private var resumeAt = NIODeadline.distantPast
    private var resumption: Scheduled<Void>?

    init(core: SandboxCore) { self.core = core }

    func handlerAdded(context: ChannelHandlerContext) { core.connections.add(context.channel) }

    func handlerRemoved(context: ChannelHandlerContext) { core.connections.remove(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            let exchange = core.begin(head)
            self.exchange = exchange
            transfer = exchange.action.flatMap { $0.affectsRequest(of: exchange) ? $0.transfer : nil }
            begin(exchange, context)
            guard self.exchange != nil else { return }
            head.headerFields[.sandboxExchange] = String(exchange.id)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let buffer):
            guard let exchange else { return }
            let size = exchange.receive(buffer)
            guard allow(size, of: buffer.readableBytes, context) else { return }
            context.fireChannelRead(data)
        case .end:
            guard let exchange else { return }
            exchange.end(.complete)
            self.exchange = nil
            endTransfer(context)
            context.fireChannelRead(data)
        }
    }

    func read(context: ChannelHandlerContext) {
        if isHolding { isReadWaiting = true } else { context.read() }
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is ReleaseStall else { return context.triggerUserOutboundEvent(event, promise: promise) }
        endTransfer(context)
        promise?.succeed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            abort()
            core.connections.release(context.channel)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        abort()
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        abort()
        context.fireChannelInactive()
    }

    private func abort() {
        resumption?.cancel()
        resumption = nil
        exchange?.end(.aborted)
        exchange = nil
    }

    private func begin(_ exchange: Exchange, _ context: ChannelHandlerContext) {
        if let transfer {
            // Small reads, so that a limit of few bytes is met closely.
            let step = transfer.bytesPerSecond.map { max(256, min(65_536, $0 / 10)) } ?? 4096
            try? context.channel.syncOptions?.setOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: step)
            )
            guard allow(0, of: 0, context) else { return }
        }
        if exchange.head.headerFields[.expect]?.lowercased() == "100-continue", exchange.action?.isEarly != true {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
    }

    /// Applies the transfer rule after `size` bytes in all; false when the connection was cut.
    private func allow(_ size: Int, of fresh: Int, _ context: ChannelHandlerContext) -> Bool {
        guard let transfer else { return true }
        if let limit = transfer.resetAtByte, size >= limit {
            exchange?.end(.reset)
            exchange = nil
            context.channel.reset()
            return false
        }
        if let limit = transfer.stallAtByte, size >= limit {
            isHolding = true
            resumption?.cancel()
        } else if let rate = transfer.bytesPerSecond, fresh > 0 {
            isHolding = true
            // Several reads may arrive at once: their times add up.
            resumeAt = max(resumeAt, .now()) + .microseconds(Int64(fresh) * 1_000_000 / Int64(rate))
            resumption?.cancel()
            resumption = context.eventLoop.assumeIsolated().scheduleTask(deadline: resumeAt) { self.release(context) }
        }
        return true
    }

    /// Back to large reads, at once.
    private func endTransfer(_ context: ChannelHandlerContext) {
        guard transfer != nil else { return }
        transfer = nil
        resumption?.cancel()
        resumption = nil
        try? context.channel.syncOptions?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
        release(context)
    }

    private func release(_ context: ChannelHandlerContext) {
        isHolding = false
        guard isReadWaiting else { return }
        isReadWaiting = false
        context.read()
    }
}

extension HTTPField.Name {
    /// Carries the exchange's id from the connection to the handler.
    static let sandboxExchange = HTTPField.Name("x-sandbox-exchange")!
}
