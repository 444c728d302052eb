import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// Makes of an HTTP/2 stream what its other handlers know: a connection that carries one request (RFC 9113 §8.1).
final class HTTP2StreamCodec: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Response {
        case none, begun, whole
    }

    private let connection: HTTP2ConnectionHandler
    private var hasHead = false
    private var response = Response.none

    init(of connection: HTTP2ConnectionHandler) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.opened((try? context.channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)) ?? .rootStream)
    }

    func handlerRemoved(context: ChannelHandlerContext) { connection.closed() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            // A second block is trailers, which always end the request.
            if !hasHead { context.fireChannelRead(wrapInboundOut(.head(HTTPRequestHead(frame.headers)))) }
            hasHead = true
            if frame.endStream { context.fireChannelRead(wrapInboundOut(.end(nil))) }
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(.body(bytes)))
            }
            if frame.endStream { context.fireChannelRead(wrapInboundOut(.end(nil))) }
        default: break
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.code >= 200 { response = .begun }
            context.write(wrapOutboundOut(.headers(.init(headers: Self.fields(head)))), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.data(.init(data: bytes))), promise: promise)
        case .end:
            response = .whole
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))), promise: promise)
        }
    }

    /// Names are in small letters, and fields that are about a connection are left out (RFC 9113 §8.2).
    private static func fields(_ head: HTTPResponseHead) -> HPACKHeaders {
        HPACKHeaders(
            httpHeaders: HTTPHeaders([(":status", String(head.status.code))] + head.headers.map { ($0.name, $0.value) }),
            normalizeHTTPHeaders: true)
    }

    /// Ends the stream, and says why. By itself a channel of a stream would call every end a cancellation.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, response) {
        // The end of the response has closed this side already.
        case (.output, _): promise?.succeed()
        case (_, .none): context.close(mode: mode, promise: promise)
        case (_, .begun): reset(.internalError, context, promise)
        // The rest of the request is not wanted: no error (RFC 9113 §8.1).
        case (_, .whole): reset(.noError, context, promise)
        }
    }

    private func reset(_ code: HTTP2ErrorCode, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: promise)
    }
}
