import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Android)
    import Android
#endif

/// Splits a stream of bytes at the delimiter `CRLF -- boundary` without copying and without holding any of it.
///
/// CR stands in the delimiter only at its start. So bytes that matched its beginning and then turn out to be data
/// cannot hold the start of another match: after a mismatch the search goes on behind them, which makes it linear on
/// any input; and a match cut off by the end of a buffer is remembered as a mere count, since its bytes are known.
struct DelimiterScanner: Sendable {
    enum Step {
        case data(ByteBuffer)
        case found
        case needsMore
    }

    private let delimiter: ByteBuffer
    /// Bytes of the delimiter already seen and taken out of the input.
    private var matched = 0
    /// How many of the matched bytes are not data should the match fail.
    private var unowned = 0

    init(boundary: String) {
        delimiter = ByteBuffer(string: "\r\n--" + boundary)
        restart()
    }

    var delimiterLength: Int { delimiter.readableBytes }

    /// Starts over as if the CRLF before the delimiter had just been read: at the start of the body, and behind a
    /// part's head, whose last CRLF it shares when the part is empty (RFC 2046 §5.1.1).
    mutating func restart() {
        matched = 2
        unowned = 2
    }

    mutating func next(in buffer: inout ByteBuffer) -> Step {
        if matched == 0 {
            let data = buffer.withUnsafeReadableBytes { input in
                delimiter.withUnsafeReadableBytes { Self.firstCandidate(in: input, for: $0) }
            }
            if data > 0, let slice = buffer.readSlice(length: data) { return .data(slice) }
        }
        let more = buffer.withUnsafeReadableBytes { input in
            delimiter.withUnsafeReadableBytes { delimiter in
                let most = min(input.count, delimiter.count - matched)
                return (0..<most).first { input[$0] != delimiter[matched + $0] } ?? most
            }
        }
        buffer.moveReaderIndex(forwardBy: more)
        matched += more
        if matched == delimiterLength {
            matched = 0
            unowned = 0
            return .found
        }
        guard buffer.readableBytes > 0 else { return .needsMore }
        let data = delimiter.getSlice(at: unowned, length: matched - unowned)
        matched = 0
        unowned = 0
        if let data, data.readableBytes > 0 { return .data(data) }
        return next(in: &buffer)
    }

    /// Where the delimiter, or at the end a beginning of it, stands in the input; the input's length if nowhere.
    private static func firstCandidate(in input: UnsafeRawBufferPointer, for delimiter: UnsafeRawBufferPointer) -> Int {
        guard let base = input.baseAddress else { return 0 }
        var at = 0
        while at < input.count {
            if input[at] != ASCII.carriageReturn {
                guard let hit = memchr(base + at, Int32(ASCII.carriageReturn), input.count - at) else { break }
                at = UnsafeRawPointer(hit) - base
            }
            let limit = min(delimiter.count, input.count - at)
            var length = 1
            while length < limit, input[at + length] == delimiter[length] { length += 1 }
            if length == limit { return at }
            at += length
        }
        return input.count
    }
}
