import NIOCore

/// Puts the gateway's settings into force as soon as the client has sent its own.
///
/// The handler of HTTP/2 waits for the client to acknowledge them (RFC 9113 §6.5.3). Until then it takes far smaller header
/// fields than the gateway does, and ends the connection of a first request that has larger ones. Comes before it and
/// acknowledges in the client's place.
final class HTTP2SettingsHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var acknowledgement = EarlyAcknowledgement()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if acknowledgement.isDone { return context.fireChannelRead(data) }
        let bytes = acknowledgement.pass(unwrapInboundIn(data))
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}

/// Moves the client's acknowledgement of the settings forward, to directly behind the client's own settings.
struct EarlyAcknowledgement {
    /// A frame of type SETTINGS with the flag ACK: empty, of stream 0.
    static let frame: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]

    /// Bytes that pass before the next frame begins: at first the connection preface (RFC 9113 §3.4).
    private var untilFrame = 24
    private var frames = 0
    /// The beginning of a frame's head.
    private var held = ByteBuffer()
    /// The client has acknowledged: all that follows passes as it is.
    private(set) var isDone = false

    mutating func pass(_ bytes: ByteBuffer) -> ByteBuffer {
        var rest = held
        rest.writeImmutableBuffer(bytes)
        var passed = ByteBuffer()
        while !isDone {
            let count = min(untilFrame, rest.readableBytes)
            if let part = rest.readSlice(length: count) { passed.writeImmutableBuffer(part) }
            untilFrame -= count
            guard untilFrame == 0, let head = rest.getBytes(at: rest.readerIndex, length: Self.frame.count) else { break }
            if frames == 1 { passed.writeBytes(Self.frame) }
            frames += 1
            if frames > 1, head == Self.frame {
                rest.moveReaderIndex(forwardBy: head.count)
                isDone = true
            } else {
                untilFrame = head.count + head.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            }
        }
        if isDone { passed.writeImmutableBuffer(rest) }
        held = isDone ? ByteBuffer() : rest
        return passed
    }
}
