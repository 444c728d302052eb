import Encodings
import NIOCore

/// Stands before the parser, where the bytes of a request's head pass: bounds the time that they take, and encodes
/// characters beyond ASCII in the request line.
///
/// Whether a head or a body passes is what the parser has made of the bytes before: `headCame` and `requestEnded` tell.
final class RequestHeadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The time for a head was up.
    struct TimeUp: Sendable {}

    private enum Phase {
        /// Nothing of the next request has come.
        case between
        case requestLine
        case fields
        case body
    }

    private let limit: TimeAmount
    private var phase = Phase.between
    private var timer: Scheduled<Void>?

    /// - Parameter limit: from a head's first byte to its last.
    init(limit: TimeAmount) { self.limit = limit }

    /// The parser has handed a head on.
    func headCame() {
        phase = .body
        disarm()
    }

    /// The parser has handed the end of a request on.
    func requestEnded() { phase = .between }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if phase == .between || phase == .requestLine {
            phase = RequestLine.escape(&bytes, isStart: phase == .between) ? .fields : .requestLine
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        // The parser works inside this call: a head that is whole has passed by now.
        if timer == nil, phase == .requestLine || phase == .fields { arm(context) }
    }

    private func arm(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.timer = nil
            context.fireUserInboundEventTriggered(TimeUp())
        }
    }

    private func disarm() {
        timer?.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        disarm()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { disarm() }
}

/// The first line of a request, before it is parsed.
enum RequestLine {
    /// Percent-encodes every byte beyond ASCII up to the line's end, as clients ought to have done (RFC 3986 §2.5).
    ///
    /// - Parameter isStart: whether the line begins here. Then it has to begin like one, with a method: what follows a
    ///   request in the same packet is not known to begin where the packet does.
    /// - Returns: whether the line ends in these bytes.
    static func escape(_ bytes: inout ByteBuffer, isStart: Bool) -> Bool {
        let (line, beyond) = bytes.withUnsafeReadableBytes { scan($0, isStart: isStart) }
        let view = bytes.readableBytesView
        let (start, end) = (view.startIndex + line.lowerBound, view.startIndex + line.upperBound)
        let isWhole = end < view.endIndex
        guard beyond > 0, !isStart || beginsWithMethod(view[start..<end]) else { return isWhole }
        var escaped = ByteBuffer()
        escaped.reserveCapacity(view.count + 2 * beyond)
        for byte in view[..<end] {
            guard byte >= 0x80 else {
                escaped.writeInteger(byte)
                continue
            }
            escaped.writeInteger(UInt8(ascii: "%"))
            escaped.writeInteger(Hex.digit(byte >> 4, isUppercase: true))
            escaped.writeInteger(Hex.digit(byte & 15, isUppercase: true))
        }
        escaped.writeBytes(view[end...])
        bytes = escaped
        return isWhole
    }

    /// Where the line lies, without its end, and how many of its bytes are beyond ASCII.
    private static func scan(_ bytes: UnsafeRawBufferPointer, isStart: Bool) -> (line: Range<Int>, beyond: Int) {
        var end = 0
        // Empty lines before a request are skipped (RFC 9112 §2.2).
        if isStart { while end < bytes.count, bytes[end] == 0x0D || bytes[end] == 0x0A { end += 1 } }
        let start = end
        var beyond = 0
        while end < bytes.count, bytes[end] != 0x0A {
            if bytes[end] >= 0x80 { beyond += 1 }
            end += 1
        }
        return (start..<end, beyond)
    }

    /// The same for a target by itself.
    static func escape(_ target: String) -> String {
        guard target.utf8.contains(where: { $0 >= 0x80 }) else { return target }
        return PercentEncoding.encoded(target) { $0 < 0x80 }
    }

    private static func beginsWithMethod(_ line: ByteBufferView) -> Bool {
        guard let blank = line.firstIndex(of: 0x20), blank > line.startIndex, blank - line.startIndex <= 20 else { return false }
        return line[..<blank].allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
