import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Unified
import Upstream

/// Carries requests from a connection to its task and responses back. Lives on the connection's event loop.
///
/// A body's reader may be cancelled at any moment without the connection noticing, which is why no sequence of the
/// connection's own is handed out: ending one would end the connection and take the response along.
final class ClientConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long the rest of a request is let by before the connection closes.
    private let linger: TimeAmount
    /// How long a call that changes nothing goes on for a client that has ended its side.
    private let endedInput: TimeAmount
    private let refusal: Refusal
    private let headHandler: RequestHeadHandler?
    private let admissions: [AdmissionHandler]
    /// One of HTTP/2, which carries one request.
    private let isStream: Bool
    private var context: ChannelHandlerContext?
    private var machine = ConnectionMachine()
    private var isGone = false

    /// Where the body goes; nil where nobody wants it any more.
    private var body: BodyPipe?
    private var bodyIsFull = false
    private var readHeldBack = false
    private var takesSmallChunks = false
    /// Requests that were sent ahead (RFC 9112 §9.3.2).
    private var held = CircularBuffer<HTTPServerRequestPart>()
    /// The client sends nothing behind those.
    private var endsBehindHeld = false
    private var ready: ClientConnection.Request?
    private var waiting: CheckedContinuation<ClientConnection.Request?, Never>?

    private var writing: CheckedContinuation<Void, any Error>?
    private var lastWrite: EventLoopFuture<Void>?
    private var lingering: Scheduled<Void>?
    private var clientLeaves: (() -> Void)?
    private var cancelCalls: (() -> Void)?
    /// Whether the call under way is of no use without its client.
    private var endsWithClient = false
    private var leaving: Scheduled<Void>?
    private var hasInputEnded = false
    private var framing = ResponseFraming()
    /// Nothing more is read as a request: what comes is dropped until the client has seen its response.
    private var isEnding = false
    /// More of the request may be on its way when the connection ends.
    private var endsUnread = false

    /// - Parameters:
    ///   - linger: how long the rest of a request is let by before the connection closes.
    ///   - endedInput: how long a call that changes nothing goes on for a client that has ended its side.
    ///   - headHandler: nil for a stream, whose head comes whole.
    ///   - admissions: of the connection, and of the stream.
    init(
        linger: TimeAmount, endedInput: TimeAmount, refusal: Refusal, headHandler: RequestHeadHandler?,
        admissions: [AdmissionHandler], isStream: Bool = false
    ) {
        self.linger = linger
        self.endedInput = endedInput
        self.refusal = refusal
        self.headHandler = headHandler
        self.admissions = admissions
        self.isStream = isStream
    }

    var hasWholeRequest: Bool { machine.isWhole }

    // MARK: Requests

    func next(_ continuation: CheckedContinuation<ClientConnection.Request?, Never>) {
        if let ready {
            self.ready = nil
            continuation.resume(returning: ready)
        } else if isGone {
            continuation.resume(returning: nil)
        } else {
            waiting = continuation
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head: headHandler?.headCame()
        case .end: headHandler?.requestEnded()
        case .body: break
        }
        if isEnding { return }
        if held.isEmpty, isTakeable(part) { take(part, context) } else { held.append(part) }
    }

    private func isTakeable(_ part: HTTPServerRequestPart) -> Bool {
        if case .head = part { machine.mayBegin } else { true }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let chunk):
            guard let body else { return }
            do {
                bodyIsFull = try !body.push(chunk)
            } catch {
                self.body = nil
            }
        case .end:
            body?.finish()
            body = nil
            // The body came whole: however much of it waits in its pipe, what is read next is another request.
            bodyIsFull = false
            perform(machine.requestEnded())
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else {
            return refuse(.unreadableRequest, context)
        }
        let isReserved = admissions.contains(where: \.isReserved)
        let fault = RequestHeadRules.fault(head) ?? (isReserved && !HealthRoutes.isProbe(head.uri) ? .tooManyConnections : nil)
        machine.begin(keepsAlive: head.isKeepAlive && !isStream && fault == nil)
        framing = ResponseFraming(to: head)
        if takesSmallChunks { takeLargeChunks() }
        let connection = ClientConnection(context.channel, self)
        // No more than one read ahead of whoever takes the body: there may be thousands of slow ones.
        let pipe = BodyPipe(capacity: 4 << 10) { connection.resumeReading() }
        body = pipe
        let made = ClientConnection.Request(head: request, body: pipe, fault: fault)
        if let waiting {
            self.waiting = nil
            waiting.resume(returning: made)
        } else {
            ready = made
        }
    }

    // MARK: Answers

    func goOn() {
        guard let context, !isGone else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    func write(_ parts: [HTTPServerResponsePart], _ continuation: CheckedContinuation<Void, any Error>) {
        guard let context, !isGone else { return continuation.resume(throwing: ConnectionEnded()) }
        for part in parts {
            switch part {
            case .head(var head):
                if framing.frame(&head) == .untilClose { machine.makeLast() }
                if machine.isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
                context.write(wrapOutboundOut(.head(head)), promise: nil)
            case .body: if framing.hasBody { context.write(wrapOutboundOut(part), promise: nil) }
            case .end: writeEnd(part, context)
            }
        }
        context.flush()
        if isGone || context.channel.isWritable {
            continuation.resume()
        } else {
            writing = continuation
        }
    }

    private func writeEnd(_ part: HTTPServerResponsePart, _ context: ChannelHandlerContext) {
        // A stream ends with its response: that is not the client leaving.
        staysWithClient()
        let written = context.eventLoop.makePromise(of: Void.self)
        lastWrite = written.futureResult
        context.write(wrapOutboundOut(part), promise: written)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let writing {
            self.writing = nil
            writing.resume()
        }
        context.fireChannelWritabilityChanged()
    }

    func whenClientLeaves(_ act: @escaping () -> Void) {
        if isGone || hasInputEnded { act() } else { clientLeaves = act }
    }

    private func clientLeft() {
        clientLeaves?()
        clientLeaves = nil
    }

    func carries(_ cancelCalls: @escaping () -> Void) {
        self.cancelCalls = cancelCalls
        if isGone { cancelCalls() }
    }

    func endWithClient() {
        endsWithClient = true
        if isGone { cancelCalls?() } else if hasInputEnded { awaitLeaving() }
    }

    /// The end of the input is all that is seen of a connection of HTTP/1.1 that was closed, and of one whose client still reads.
    private func awaitLeaving() {
        guard endsWithClient, leaving == nil, let context else { return }
        leaving = context.eventLoop.assumeIsolated().scheduleTask(in: endedInput) {
            if self.endsWithClient { self.cancelCalls?() }
        }
    }

    /// The response is written: nothing is left that could end with the client.
    private func staysWithClient() {
        clientLeaves = nil
        endsWithClient = false
        leaving?.cancel()
        leaving = nil
    }

    func answered(closes: Bool) {
        staysWithClient()
        guard !isGone else { return }
        perform(machine.answered(closes: closes))
    }

    private func perform(_ step: ConnectionMachine.Step) {
        guard let context else { return }
        switch step {
        case .nothing: break
        case .next:
            while let part = held.first, isTakeable(part) {
                held.removeFirst()
                take(part, context)
            }
            if held.isEmpty, endsBehindHeld { endInput() }
            readOn()
        case .letBy(let thenClose):
            body?.abandon()
            body = nil
            bodyIsFull = false
            readOn()
            guard thenClose else { return }
            lingering = context.eventLoop.assumeIsolated().scheduleTask(in: linger) { context.close(promise: nil) }
        case .close:
            if endsUnread, !hasInputEnded { return endOutput(context) }
            guard let lastWrite else { return context.close(promise: nil) }
            lastWrite.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    // MARK: Reading at the pace of whoever takes the body

    func useSmallReads() {
        guard !takesSmallChunks, machine.isReceiving else { return }
        takesSmallChunks = true
        allocate(FixedSizeRecvByteBufferAllocator(capacity: 4 << 10))
    }

    private func takeLargeChunks() {
        takesSmallChunks = false
        // Grows with what comes at once, up to what a fast client fills.
        allocate(AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 8 << 10, maximum: 64 << 10))
    }

    /// Every channel of a socket has the option. A stream has none: its connection reads for it, and asking would trap.
    private func allocate(_ allocator: any RecvByteBufferAllocator) {
        if isStream { return }
        try? context?.channel.syncOptions?.setOption(.recvAllocator, value: allocator)
    }

    func read(context: ChannelHandlerContext) {
        if bodyIsFull || !held.isEmpty { readHeldBack = true } else { context.read() }
    }

    func resumeReading() {
        bodyIsFull = false
        readOn()
    }

    private func readOn() {
        guard readHeldBack, !bodyIsFull, held.isEmpty else { return }
        readHeldBack = false
        context?.read()
    }

    // MARK: Ends

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            hasInputEnded = true
            clientLeft()
            awaitLeaving()
            if isEnding { return context.close(promise: nil) }
            if held.isEmpty { endInput() } else { endsBehindHeld = true }
        case is ChannelShouldQuiesceEvent: perform(machine.quiesce())
        case is RequestHeadHandler.TimeUp:
            if machine.isResponding { _ = machine.inputEnded() } else { refuse(.headTooSlow, context) }
        case let slow as ClientIdleHandler.TooSlow: endSlowBody(slow)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState: endBody(ConnectionEnded())
        case let error as HTTPParserError:
            guard machine.isResponding else { return refuse(APIError(error), context) }
            endBody(APIError.unreadableBody)
            endsUnread = true
            _ = machine.inputEnded()
        // More of what cannot be read must not take the response along. A connection that is broken ends by itself.
        default: if !machine.isResponding, !isEnding { perform(.close) }
        }
    }

    /// What came is no request; nothing more can be read from this connection.
    private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
        guard !isEnding else { return }
        let (head, body) = refusal.response(to: error)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        writeEnd(.end(nil), context)
        context.flush()
        endsUnread = true
        perform(machine.inputEnded())
    }

    private func endSlowBody(_ slow: ClientIdleHandler.TooSlow) {
        guard machine.isReceiving else { return }
        endBody(APIError.bodyTooSlow(slow.pace))
        endsUnread = true
        perform(machine.inputEnded())
    }

    /// Ends our side once the response has left. The other stays open for a while: closed with bytes unread, the system
    /// would reset the connection, and the response be lost (RFC 9112 §9.6).
    private func endOutput(_ context: ChannelHandlerContext) {
        guard !isEnding else { return }
        isEnding = true
        held.removeAll()
        bodyIsFull = false
        if let lastWrite {
            lastWrite.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
        } else {
            context.close(mode: .output, promise: nil)
        }
        lingering = context.eventLoop.assumeIsolated().scheduleTask(in: linger) { context.close(promise: nil) }
        readOn()
    }

    private func endInput() {
        endsBehindHeld = false
        endCutCall()
        perform(machine.inputEnded())
    }

    /// A request that will never be whole cannot be carried out. Who reads its body learns that from the body; whoever waits for
    /// a provider to take what came of it would not, as long as the provider reads nothing.
    private func endCutCall() {
        let isCut = machine.isReceiving && machine.isResponding
        endBody(ConnectionEnded())
        if isCut { cancelCalls?() }
    }

    private func endBody(_ error: any Error) {
        body?.fail(error)
        body = nil
        bodyIsFull = false
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        takeLargeChunks()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    private func end() {
        isGone = true
        clientLeft()
        endCutCall()
        if endsWithClient { cancelCalls?() }
        cancelCalls = nil
        leaving?.cancel()
        held.removeAll()
        ready = nil
        lingering?.cancel()
        waiting?.resume(returning: nil)
        waiting = nil
        writing?.resume(throwing: ConnectionEnded())
        writing = nil
    }
}
