import NIOCore

/// A connection to a provider, and the one place that touches its handler.
final class Connection: Sendable {
    let origin: TargetURL.Origin
    let channel: any Channel
    private let handler: NIOLoopBound<ExchangeHandler>

    var eventLoop: any EventLoop { channel.eventLoop }

    /// Call on the channel's event loop.
    init(origin: TargetURL.Origin, channel: any Channel, handler: ExchangeHandler) {
        self.origin = origin
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    func start(_ exchange: Exchange) {
        onLoop { $0.start(exchange) }
    }

    func cancel(_ exchange: Exchange) {
        exchange.markCancelled()
        onLoop { $0.cancel(exchange) }
    }

    /// Ends `exchange` for the sake of others, unless that would leave its outcome unknown.
    func giveWay(_ exchange: Exchange, otherwise: @escaping @Sendable () -> Void) {
        onLoop { if !$0.giveWay(exchange) { otherwise() } }
    }

    func resumeReading() {
        onLoop { $0.resumeReading() }
    }

    /// Call on the channel's event loop.
    func whenReleased(_ act: @escaping (_ reusable: Bool) -> Void) {
        handler.value.onRelease = act
    }

    private func onLoop(_ act: @escaping @Sendable (ExchangeHandler) -> Void) {
        if eventLoop.inEventLoop {
            act(handler.value)
        } else {
            eventLoop.execute { [handler] in act(handler.value) }
        }
    }
}
