import NIOCore

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
