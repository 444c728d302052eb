import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Unified
import Upstream

/// A client's connection as the calls that it carries see it.
struct ClientConnection: ServerChildChannelValue {
    let channel: any Channel
    private let handler: NIOLoopBound<ClientConnectionHandler>

    /// Call on the channel's event loop.
    init(_ channel: any Channel, _ handler: ClientConnectionHandler) {
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// A request whose body may still be on its way.
    struct Request: Sendable {
        let head: HTTPRequest
        /// Fails with `ConnectionEnded` where the client goes away before the body is whole.
        let body: BodyPipe
        /// What the request is refused with, whatever it asks for; nil where its head is sound.
        let fault: APIError?
    }

    /// The next request; nil when there will be none.
    func next() async -> Request? {
        await withCheckedContinuation { continuation in
            onLoop { $0.next(continuation) }
        }
    }

    /// Writes a whole response at once.
    ///
    /// - Throws: `ConnectionEnded` where there is nobody to write to.
    func send(_ head: HTTPResponse, _ body: ByteBuffer) async throws {
        try await write(
            body.readableBytes > 0 ? [.head(.init(head)), .body(.byteBuffer(body)), .end(nil)] : [.head(.init(head)), .end(nil)])
    }

    func begin(_ head: HTTPResponse) async throws { try await write([.head(.init(head))]) }

    func write(_ chunk: ByteBuffer) async throws { try await write([.body(.byteBuffer(chunk))]) }

    func end() async throws { try await write([.end(nil)]) }

    /// Tells a client that waits for it to send its body (RFC 9110 §10.1.1).
    func goOn() { onLoop { $0.goOn() } }

    /// Waits where the client takes the response slowly.
    private func write(_ parts: [HTTPServerResponsePart]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            onLoop { $0.write(parts, continuation) }
        }
    }

    /// Reads in small pieces until the request has ended.
    func useSmallReads() { onLoop { $0.useSmallReads() } }

    /// The body has been read down to where more of it may come.
    func resumeReading() { onLoop { $0.resumeReading() } }

    /// The call is over: its response is written.
    func answered(closes: Bool) { onLoop { $0.answered(closes: closes) } }

    /// Does `act`, once, where the client goes away or ends its side before the response to its request is written.
    func whenClientLeaves(_ act: @escaping @Sendable () -> Void) { onLoop { $0.whenClientLeaves(act) } }

    /// - Parameter cancelCalls: cancels the task that the connection's calls run in.
    func carries(_ cancelCalls: @escaping @Sendable () -> Void) { onLoop { $0.carries(cancelCalls) } }

    /// The call under way changes nothing: it ends with its client.
    func endWithClient() { onLoop { $0.endWithClient() } }

    /// Ends the connection in mid-answer, so that the client sees a broken one.
    func abort() { channel.close(promise: nil) }

    /// Whether the request that is being answered has come to its last byte.
    func hasWholeRequest() async -> Bool {
        await withCheckedContinuation { continuation in
            onLoop { continuation.resume(returning: $0.hasWholeRequest) }
        }
    }

    private func onLoop(_ act: @escaping @Sendable (ClientConnectionHandler) -> Void) {
        if channel.eventLoop.inEventLoop {
            act(handler.value)
        } else {
            channel.eventLoop.execute { act(handler.value) }
        }
    }
}

/// The client went away before its request was whole, or before it was answered.
struct ConnectionEnded: Error {}
