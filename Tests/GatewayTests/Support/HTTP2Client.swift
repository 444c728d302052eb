import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import TestSupport

@testable import Gateway

/// A client of HTTP/2 over TLS that sends on its streams what a test asks for, whether that is allowed or not.
final class HTTP2Client: Sendable {
    private let channel: any Channel
    private let streams: NIOHTTP2Handler.StreamMultiplexer
    /// Frames about the connection as a whole. Ends with the connection.
    let frames: AsyncStream<HTTP2Frame.FramePayload>

    /// - Parameters:
    ///   - configuration: of the connection; none of what is sent is checked.
    ///   - takesGoAway: false for a client that goes on as if it had not heard that the gateway goes down.
    init(
        _ gateway: TestGateway, configuration given: NIOHTTP2Handler.Configuration = .init(), takesGoAway: Bool = true
    ) async throws {
        var configuration = given
        configuration.connection.headerBlockValidation = .disabled
        configuration.connection.contentLengthValidation = .disabled
        let chosen = configuration
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.applicationProtocols = [ApplicationProtocol.http2]
        let context = try NIOSSLContext(configuration: tls)
        let (frames, found) = AsyncStream.makeStream(of: HTTP2Frame.FramePayload.self)
        self.frames = frames
        let port = Int(gateway.baseURL.split(separator: ":").last ?? "") ?? 0
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                    if !takesGoAway { try pipeline.addHandler(ByteToMessageHandler(GoAwayFilter(found))) }
                    _ = try pipeline.configureHTTP2Pipeline(
                        mode: .client, connectionConfiguration: chosen.connection, streamConfiguration: chosen.stream
                    ) { $0.close() }
                    try pipeline.addHandler(RootFrames(found))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        streams = try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.handler(type: NIOHTTP2Handler.self).syncMultiplexer()
        }.get()
    }

    /// A new stream.
    ///
    /// - Parameter reads: false where nothing of the response is taken before `HTTP2Exchange.read()`.
    func open(reads: Bool = true) async throws -> HTTP2Exchange {
        let (payloads, found) = AsyncStream.makeStream(of: HTTP2Exchange.Event.self)
        let stream = try await streams.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(StreamFrames(found))
                if !reads { try stream.syncOptions?.setOption(.autoRead, value: false) }
            }
        }.get()
        return HTTP2Exchange(stream, payloads)
    }

    func close() async throws { try? await channel.close() }

    /// The next GOAWAY; nil where the connection ends without.
    func goAway() async -> HTTP2ErrorCode? {
        for await frame in frames { if case .goAway(_, let code, _) = frame { return code } }
        return nil
    }

    /// Returns once the connection has ended.
    func ended() async { for await _ in frames {} }
}

/// One request and its response, on a stream of its own.
struct HTTP2Exchange: Sendable {
    enum Event: Sendable {
        case frame(HTTP2Frame.FramePayload)
        case reset(HTTP2ErrorCode)
    }

    struct Response: Sendable {
        /// Of informational responses too, in order.
        var statuses: [Int] = []
        var fields = HPACKHeaders()
        var body = ByteBuffer()
        /// The stream has ended with the response.
        var isWhole = false
        var reset: HTTP2ErrorCode?

        var status: Int? { statuses.last }
        var text: String { String(buffer: body) }
        func field(_ name: String) -> String? { fields.first(name: name) }
    }

    private let channel: any Channel
    private let events: AsyncStream<Event>

    fileprivate init(_ channel: any Channel, _ events: AsyncStream<Event>) {
        self.channel = channel
        self.events = events
    }

    func send(_ fields: [(String, String)], ends: Bool = true) async throws {
        try await write(.headers(.init(headers: HPACKHeaders(fields), endStream: ends)))
    }

    /// Returns once the gateway has room for all of it.
    func send(_ bytes: ByteBuffer, ends: Bool = false) async throws {
        try await write(.data(.init(data: .byteBuffer(bytes), endStream: ends)))
    }

    /// Sends up to so many bytes; gives how many the gateway had room for before it had none any more.
    func pour(_ count: Int) async throws -> Int { try await channel.pour(count, as: Self.data) }

    /// Sends a byte every few milliseconds from now on, some hundred a second.
    func drip() { channel.drip(Self.data(ByteBuffer(string: "x"))) }

    private static func data(_ bytes: ByteBuffer) -> HTTP2Frame.FramePayload { .data(.init(data: .byteBuffer(bytes))) }

    /// Returns at once.
    func queue(_ bytes: ByteBuffer, ends: Bool = false) {
        let frame = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(bytes), endStream: ends))
        channel.writeAndFlush(frame, promise: nil)
    }

    func reset(_ code: HTTP2ErrorCode = .cancel) async throws { try await write(.rstStream(code)) }

    private func write(_ frame: HTTP2Frame.FramePayload) async throws { try await channel.writeAndFlush(frame) }

    /// Takes the response, on a stream that was opened not to.
    func read() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// What comes until `condition` holds or the stream has ended, from where the last call has stopped.
    func response(until condition: (Response) -> Bool = { _ in false }) async -> Response {
        var response = Response()
        for await event in events {
            switch event {
            case .reset(let code): response.reset = code
            case .frame(.headers(let frame)):
                if let status = frame.headers.first(name: ":status").flatMap(Int.init) { response.statuses.append(status) }
                response.fields = frame.headers
                response.isWhole = frame.endStream
            case .frame(.data(let frame)):
                if case .byteBuffer(var bytes) = frame.data { response.body.writeBuffer(&bytes) }
                response.isWhole = frame.endStream
            case .frame(.rstStream(let code)): response.reset = code
            case .frame: break
            }
            if condition(response) { break }
        }
        return response
    }
}

private final class StreamFrames: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let found: AsyncStream<HTTP2Exchange.Event>.Continuation

    init(_ found: AsyncStream<HTTP2Exchange.Event>.Continuation) { self.found = found }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { found.yield(.frame(unwrapInboundIn(data))) }

    func channelInactive(context: ChannelHandlerContext) { found.finish() }

    func handlerRemoved(context: ChannelHandlerContext) { found.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let closed = error as? NIOHTTP2Errors.StreamClosed { found.yield(.reset(closed.errorCode)) }
    }
}

private final class RootFrames: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let found: AsyncStream<HTTP2Frame.FramePayload>.Continuation

    init(_ found: AsyncStream<HTTP2Frame.FramePayload>.Continuation) { self.found = found }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { found.yield(unwrapInboundIn(data).payload) }

    func channelInactive(context: ChannelHandlerContext) { found.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !(error is any NIOHTTP2Error) { context.close(promise: nil) }
    }
}

/// Keeps GOAWAY from the handler of HTTP/2, and reports it.
private final class GoAwayFilter: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    private let found: AsyncStream<HTTP2Frame.FramePayload>.Continuation

    init(_ found: AsyncStream<HTTP2Frame.FramePayload>.Continuation) { self.found = found }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let head = buffer.getBytes(at: buffer.readerIndex, length: 9),
            let frame = buffer.readSlice(length: 9 + head.prefix(3).reduce(0) { $0 << 8 | Int($1) })
        else { return .needMoreData }
        if head[3] == 7 {
            found.yield(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        } else {
            context.fireChannelRead(wrapInboundOut(frame))
        }
        return .continue
    }
}
