import NIOCore
import NIOHTTP2

/// Ends an HTTP/2 connection: one that carries nothing for too long, one of a gateway that goes down, and one whose
/// client breaks the rules. Comes behind the handler that makes its streams, and lives on its event loop.
final class HTTP2ConnectionHandler: ChannelInboundHandler, NIOHTTP2FrameDelegate {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private static let question = HTTP2PingData(withInteger: 0x6174_7461_6368_6500)

    private let idleLimit: TimeAmount
    private let patience: TimeAmount
    private let linger: TimeAmount
    private var machine = HTTP2ConnectionMachine()
    private var context: ChannelHandlerContext?
    private var idleTimer: Scheduled<Void>?
    private var endTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - idleLimit: how long the connection may carry nothing.
    ///   - patience: how long a client may take to see that the gateway goes down.
    ///   - linger: how long it may take to close its side.
    init(idleLimit: TimeAmount, patience: TimeAmount, linger: TimeAmount) {
        self.idleLimit = idleLimit
        self.patience = patience
        self.linger = linger
    }

    // MARK: Streams

    func opened(_ id: HTTP2StreamID) {
        idleTimer?.cancel()
        machine.opened(id)
    }

    func closed() { perform(machine.closed()) }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        perform(.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(Self.question, ack: true) = unwrapInboundIn(data).payload { perform(machine.seen()) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // Nobody closes one side of an HTTP/2 connection and waits for responses on the other.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: perform(machine.quiesce())
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Those of HTTP/2 itself are about one stream, or `wroteFrame` sees the end that they bring about.
        if !(error is any NIOHTTP2Error) { context.close(promise: nil) }
    }

    /// The handler of HTTP/2 says which rule a client has broken, and leaves the closing to others.
    func wroteFrame(_ frame: HTTP2Frame) {
        guard let context, case .goAway(_, let code, _) = frame.payload, code != .noError else { return }
        // What was written leaves first.
        context.eventLoop.assumeIsolated().execute { context.close(promise: nil) }
    }

    private func perform(_ step: HTTP2ConnectionMachine.Step) {
        guard let context else { return }
        let eventLoop = context.eventLoop.assumeIsolated()
        switch step {
        case .nothing: break
        case .idle:
            idleTimer?.cancel()
            idleTimer = eventLoop.scheduleTask(in: idleLimit) { self.perform(self.machine.idled()) }
        case .ask:
            send(.ping(Self.question, ack: false), context)
            endTimer = eventLoop.scheduleTask(in: patience) { self.perform(self.machine.seen()) }
        case .close:
            send(.goAway(lastStreamID: machine.lastStream, errorCode: .noError, opaqueData: nil), context)
            context.close(mode: .output, promise: nil)
            // With bytes unread the system would reset the connection, and what was sent last be lost.
            endTimer?.cancel()
            endTimer = eventLoop.scheduleTask(in: linger) { context.close(promise: nil) }
        }
    }

    private func send(_ payload: HTTP2Frame.FramePayload, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: nil)
    }

    private func end() {
        idleTimer?.cancel()
        endTimer?.cancel()
        context = nil
    }
}
