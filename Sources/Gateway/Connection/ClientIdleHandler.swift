import NIOCore
import NIOHTTP1
import Upstream

/// Ends what a client holds up for too long: a connection on which it says nothing, a body that it sends too slowly, and
/// a response that it does not take.
///
/// Only time in which the client was waited for counts. While the gateway does not read, because a provider is slow, or
/// while a response is being made, it is not the client that is idle.
final class ClientIdleHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request's body does not keep the pace; the connection's handler says so to the client.
    struct TooSlow: Sendable {
        /// The least that has to come, in words.
        var pace: String
    }

    /// How often the limit may pass while a client takes nothing of its response: the system has taken much of it by
    /// then, and hands that on unseen.
    private static let unreadLimits = 5

    private let limit: TimeAmount
    private let pace: Pace?
    /// Judges the body that is on its way; nil between requests.
    private var meter: PaceMeter?
    /// When the client last did something, or was last asked to.
    private var lastMove = NIODeadline.now()
    /// A read has been asked for and nothing has come since.
    private var isAsked = false
    /// Of the body, with the read that is being handed on.
    private var bodyBytes = 0
    /// For that read.
    private var waited = Duration.zero
    /// Requests that came whole and are not answered.
    private var unanswered = 0
    /// Since when the client has not taken what lies ready for it.
    private var unreadSince: NIODeadline?
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - limit: how long nothing may happen.
    ///   - pace: the least that has to come of a body; nil: as slow as it likes.
    init(limit: TimeAmount, pace: Pace?) {
        self.limit = limit
        self.pace = pace
    }

    func handlerAdded(context: ChannelHandlerContext) { arm(context) }

    func handlerRemoved(context: ChannelHandlerContext) { disarm() }

    func channelInactive(context: ChannelHandlerContext) {
        disarm()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        came()
        switch unwrapInboundIn(data) {
        case .head:
            meter = pace.map(PaceMeter.init)
            waited = .zero
        case .body(let chunk): bodyBytes += chunk.readableBytes
        case .end:
            meter = nil
            unanswered += 1
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        came()
        if meter?.moved(bodyBytes, after: waited) == false { tellSlow(context) }
        bodyBytes = 0
        waited = .zero
        context.fireChannelReadComplete()
    }

    /// Something came, be it only a part of a part.
    private func came() {
        let now = NIODeadline.now()
        if isAsked { waited = .nanoseconds((now - lastMove).nanoseconds) }
        isAsked = false
        lastMove = now
    }

    private func tellSlow(_ context: ChannelHandlerContext) {
        meter = nil
        context.fireUserInboundEventTriggered(TooSlow(pace: pace.map(String.init(describing:)) ?? "a byte now and then"))
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

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unreadSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
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
        if let unreadSince, unreadSince + limit * Self.unreadLimits <= now { return context.close(promise: nil) }
        if !isAsked || unanswered > 0 { lastMove = now }
        if lastMove + limit <= now {
            guard meter != nil else { return context.close(promise: nil) }
            tellSlow(context)
            lastMove = now
        }
        arm(context)
    }
}
