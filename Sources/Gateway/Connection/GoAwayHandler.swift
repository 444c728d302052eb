import NIOCore

/// Asks the client of an HTTP/2 connection to open no more streams, once the gateway goes down (RFC 9113 §6.8).
///
/// Comes before the handler of HTTP/2, which must not know: it would refuse the streams that cross this message on the
/// wire, and end the connection, with the uploads under way, as soon as one of those sends a body. As it is they get
/// a response.
final class GoAwayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A frame of type GOAWAY: eight bytes long, without flags, of stream 0; the highest stream there can be; no error.
    private static let frame: [UInt8] = [0, 0, 8, 7, 0, 0, 0, 0, 0] + [0x7F, 0xFF, 0xFF, 0xFF] + [0, 0, 0, 0]

    private var isSent = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isSent {
            isSent = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Self.frame)), promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
