import NIOCore
import NIOHTTP1
import Synchronization

/// One request and its response, as the calling task and the connection's event loop share it.
final class Exchange: Sendable {
    enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        case pipe(BodyPipe, length: Int64?)

        /// - Parameter capacity: bytes that may wait between a producer and the connection.
        init(_ body: UpstreamRequest.Body, capacity: Int) {
            switch body {
            case .none: self = .none
            case .bytes(let bytes): self = .bytes(bytes)
            case .stream(let length, _): self = .pipe(BodyPipe(capacity: capacity), length: length)
            case .repeatable(let length, _): self = .pipe(BodyPipe(capacity: capacity), length: length)
            }
        }
    }

    let head: HTTPRequestHead
    let body: Body
    let isSafe: Bool
    let deadlines: Deadlines
    /// Succeeds when the head has left, so that the body's producer starts only for a connection that works; nil without one.
    let started: EventLoopPromise<Void>?
    let response: EventLoopPromise<HTTPResponseHead>
    let responseBody: BodyPipe
    /// Bytes of the bodies, without their framing.
    let bytesSent = Atomic(0)
    let bytesReceived = Atomic(0)
    /// A task that was cancelled before it made the call says so before the connection has heard of the exchange.
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func markCancelled() { cancelled.store(true, ordering: .relaxed) }

    struct Deadlines: Sendable {
        var total: NIODeadline?
        var connect: NIODeadline
        var idle: TimeAmount?
        /// For the response's head to be there.
        var head: NIODeadline?
        /// For the response's body.
        var pace: Pace?
    }

    init(
        head: HTTPRequestHead, body: Body, isSafe: Bool, deadlines: Deadlines, connection: Connection,
        responseCapacity: Int
    ) {
        self.head = head
        self.body = body
        self.isSafe = isSafe
        self.deadlines = deadlines
        started = if case .pipe = body { connection.eventLoop.makePromise() } else { nil }
        response = connection.eventLoop.makePromise()
        responseBody = BodyPipe(capacity: responseCapacity) { connection.resumeReading() }
    }

    /// Ends every wait on this exchange. Repeated calls change nothing.
    func end(_ error: any Error) {
        started?.fail(error)
        response.fail(error)
        responseBody.fail(error)
        stopUpload(error)
    }

    func stopUpload(_ error: any Error) {
        if case .pipe(let pipe, _) = body { pipe.abandon(error) }
    }
}
