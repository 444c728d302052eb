import NIOCore
import NIOHTTP1
import Synchronization

/// Runs exchanges, one after the other, on one HTTP/1.1 connection. Lives on the connection's event loop.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// Called when the connection may be used again, or with false when it is gone.
    var onRelease: ((_ reusable: Bool) -> Void)?

    private let limit: HeadLimit
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var upload: Upload?
    private var progress = ExchangeProgress()
    private var lastMove = NIODeadline.uptimeNanoseconds(0)
    private var meter: PaceMeter?
    /// Outlives exchanges: one that fires too early looks again, which costs less than to cancel one for each call.
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var responseIsFull = false
    private var readHeldBack = false

    init(limit: HeadLimit) { self.limit = limit }

    // MARK: Starting and ending

    func start(_ exchange: Exchange) {
        guard let context, context.channel.isActive, self.exchange == nil else {
            return exchange.end(Failure.closed("the connection was closed").error(phase: .connecting, isSafe: true))
        }
        if exchange.isCancelled {
            exchange.end(Failure.cancelled.error(phase: .connecting, isSafe: true))
            onRelease?(true)
            return
        }
        self.exchange = exchange
        progress = ExchangeProgress()
        responseIsFull = false
        lastMove = .now()
        armTimer(context)

        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { self.ifCurrent(exchange) { self.headLeft(exchange) } }
        context.write(wrapOutboundOut(.head(exchange.head)), promise: sent)
        upload = Upload(exchange.body)
        writeBody(context)
    }

    /// Ends `exchange` if it is still the one at work.
    func cancel(_ exchange: Exchange) {
        ifCurrent(exchange) { fail(.cancelled) }
    }

    /// Ends `exchange` where the provider cannot have carried it out, or where it only reads.
    ///
    /// - Returns: false where it has to stay.
    func giveWay(_ exchange: Exchange) -> Bool {
        guard self.exchange === exchange else { return true }
        guard progress.phase < .sent || exchange.isSafe else { return false }
        fail(.providerBusy("the connection was needed by others, who hold less than their share"))
        return true
    }

    private func headLeft(_ exchange: Exchange) {
        progress.flushedHead()
        lastMove = .now()
        exchange.started?.succeed(())
    }

    private func fail(_ failure: Failure) {
        guard let exchange else { return }
        fail(failure.error(phase: progress.phase, isSafe: exchange.isSafe))
    }

    private func fail(_ error: UpstreamError) {
        guard let exchange = detach() else { return }
        exchange.end(error)
        context?.close(promise: nil)
    }

    private func detach() -> Exchange? {
        upload = nil
        defer { exchange = nil }
        return exchange
    }

    private func ifCurrent(_ exchange: Exchange, _ act: () -> Void) {
        if self.exchange === exchange { act() }
    }

    // MARK: The request body

    private func writeBody(_ context: ChannelHandlerContext) {
        defer { context.flush() }
        while let exchange, upload != nil, progress.upload == .writing, context.channel.isWritable {
            switch upload?.next() {
            case .chunk(let chunk, let isLast):
                let moved = context.eventLoop.makePromise(of: Void.self)
                moved.futureResult.assumeIsolated().whenSuccess {
                    self.ifCurrent(exchange) {
                        self.lastMove = .now()
                        if isLast { self.progress.flushedAll() }
                    }
                }
                exchange.bytesSent.add(chunk.readableBytes, ordering: .relaxed)
                context.write(wrapOutboundOut(.body(.byteBuffer(chunk))), promise: moved)
            case .end:
                limit.passed()
                progress.wroteAll()
                let sent = context.eventLoop.makePromise(of: Void.self)
                sent.futureResult.assumeIsolated().whenSuccess {
                    self.ifCurrent(exchange) {
                        self.lastMove = .now()
                        self.progress.flushedAll()
                    }
                }
                context.write(wrapOutboundOut(.end(nil)), promise: sent)
            case .wait(let pipe):
                let loopBound = NIOLoopBound((self, context, exchange), eventLoop: context.eventLoop)
                let eventLoop = context.eventLoop
                pipe.onReadable {
                    eventLoop.execute {
                        let (handler, context, exchange) = loopBound.value
                        handler.ifCurrent(exchange) {
                            handler.upload?.wake()
                            handler.lastMove = .now()
                            handler.writeBody(context)
                        }
                    }
                }
                return
            case .failed(let error):
                return fail(.sourceFailed(error))
            case .waiting, nil:
                return
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if exchange != nil, context.channel.isWritable { writeBody(context) }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The response

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // Nobody asked: whatever this is, the next request must not take it for its response.
            return context.close(promise: nil)
        }
        let now = NIODeadline.now()
        let waited = now - lastMove
        lastMove = now
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard (100..<600).contains(head.status.code) else { return fail(.garbage("a status outside of 100 to 599")) }
            if (100..<200).contains(head.status.code), head.status != .switchingProtocols { return }
            guard head.status != .switchingProtocols else { return fail(.garbage("101 without being asked")) }
            limit.passed()
            if progress.receivedHead(status: Int(head.status.code), keepAlive: head.isKeepAlive) {
                exchange.stopUpload(BodyPipeClosed(reason: "the provider answered before it read the whole body"))
            }
            meter = exchange.deadlines.pace.map(PaceMeter.init)
            exchange.started?.succeed(())
            exchange.response.succeed(head)
        case .body(let chunk):
            limit.passed()
            exchange.bytesReceived.add(chunk.readableBytes, ordering: .relaxed)
            if meter?.moved(chunk.readableBytes, after: .nanoseconds(waited.nanoseconds)) == false { return fail(.slow) }
            responseIsFull = ((try? exchange.responseBody.push(chunk)) ?? true) == false
        case .end:
            if progress.receivedEnd() {
                exchange.stopUpload(BodyPipeClosed(reason: "the provider answered before it read the whole body"))
            }
            let reusable = progress.mayReuse && context.channel.isActive
            _ = detach()
            // First the connection, so that a caller's next request finds it.
            if reusable { onRelease?(true) } else { context.close(promise: nil) }
            exchange.responseBody.finish()
        }
    }

    /// The channel reads by itself; while the reader of the response is behind, it has to wait.
    func read(context: ChannelHandlerContext) {
        if responseIsFull { readHeldBack = true } else { context.read() }
    }

    func resumeReading() {
        guard responseIsFull else { return }
        responseIsFull = false
        lastMove = .now()
        if readHeldBack {
            readHeldBack = false
            context?.read()
        }
    }

    // MARK: Ends of the connection

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState: fail(.closed("the connection was closed"))
        case is HeadLimit.TooLarge: fail(.garbage("its head is longer than \(HeadLimit.bytes) bytes"))
        case let error as HTTPParserError: fail(.garbage("\(error)"))
        default: fail(.closed(Failure.reason(error)))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed("the connection was closed"))
        onRelease?(false)
        context.fireChannelInactive()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.closed("the connection was closed"))
        self.context = nil
        onRelease = nil
        timer?.task.cancel()
        timer = nil
    }

    // MARK: Time

    private func armTimer(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        var next = exchange.deadlines.total
        if progress.phase == .connecting { next = min(next ?? exchange.deadlines.connect, exchange.deadlines.connect) }
        if progress.response == .awaited, let head = exchange.deadlines.head { next = min(next ?? head, head) }
        if let idle = exchange.deadlines.idle { next = min(next ?? lastMove + idle, lastMove + idle) }
        guard let next else { return }
        if let timer {
            guard timer.deadline > next else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) {
            self.timer = nil
            if let exchange = self.exchange { self.checkTime(exchange, context) }
        }
        timer = (task, next)
    }

    private func checkTime(_ exchange: Exchange, _ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if let total = exchange.deadlines.total, total <= now { return fail(.deadline) }
        if progress.phase == .connecting, exchange.deadlines.connect <= now { return fail(.deadline) }
        if progress.response == .awaited, let head = exchange.deadlines.head, head <= now { return fail(.deadline) }
        // Waiting for our own producer, or for our own reader, is not the provider being slow.
        let ourTurn = responseIsFull || (progress.upload == .writing && upload?.isWaiting == true)
        if ourTurn { lastMove = now }
        if let idle = exchange.deadlines.idle, lastMove + idle <= now { return fail(.idle) }
        armTimer(context)
    }
}

/// Bounds what the HTTP parser may collect before it has something to hand on: heads, trailers, interim responses.
///
/// Stands before the parser. Body bytes pass through it at once, so they never add up to anything.
final class HeadLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes of one response's head; usual servers send far below a tenth.
    static let bytes = 64 * 1024

    private var withheld = 0

    /// The parser has handed a part on.
    func passed() { withheld = 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        withheld += unwrapInboundIn(data).readableBytes
        // The parser works inside this call, so a large body behind a small head has passed when it returns.
        context.fireChannelRead(data)
        if withheld > Self.bytes {
            withheld = 0
            context.fireErrorCaught(TooLarge())
        }
    }

    struct TooLarge: Error {}
}
