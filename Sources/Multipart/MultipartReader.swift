package import NIOCore

/// Reads a `multipart/form-data` body (RFC 7578, RFC 2046 §5.1) as it arrives, holding no more than one part's head.
///
/// ```
/// reader.append(chunk)
/// while let event = try reader.next() { … }   // nil: append more, or finish
/// ```
/// States and their legal transitions: preamble → boundary; boundary → head | epilogue; head → body; body → boundary.
package struct MultipartReader: Sendable {
    private enum State {
        case preamble
        /// Behind a delimiter, on the rest of its line; `padding` counts the blanks passed there.
        case boundary(padding: Int)
        case head(scanned: Int)
        case body
        case epilogue
    }

    private let limits: FormLimits
    private let allowsUnnamed: Bool
    private var scanner: DelimiterScanner
    private var state = State.preamble
    private var buffer = ByteBuffer()
    private var appended = 0
    private var finished = false
    private var parts = 0
    private var preamble = 0
    /// The name of the part being read, for messages.
    private var part: String?

    /// - Parameter allowsUnnamed: whether parts may do without names, as inside `multipart/mixed`; theirs are empty.
    /// - Throws: `FormError.Code.invalidBoundary` where RFC 2046 does not allow the boundary.
    package init(
        boundary: String, limits: FormLimits = .standard, allowsUnnamed: Bool = false
    ) throws(FormError) {
        guard MediaType.isBoundary(boundary) else {
            throw FormError(.invalidBoundary, "the boundary is not one that RFC 2046 allows")
        }
        self.limits = limits
        self.allowsUnnamed = allowsUnnamed
        scanner = DelimiterScanner(boundary: boundary)
    }

    /// Bytes of the body read so far; right after a `part` event, the bytes before the part's first.
    package var consumedBytes: Int { appended - buffer.readableBytes }

    /// Bytes which at least follow a part's last one: the closing delimiter.
    ///
    /// So a part cannot be longer than the body's length − `consumedBytes` at its start − this.
    package var closingLength: Int { scanner.delimiterLength + 2 }

    /// Takes the next bytes of the body. Call `next` until it is nil before appending again, and nothing is copied but
    /// a head that is cut in two.
    package mutating func append(_ chunk: ByteBuffer) {
        appended += chunk.readableBytes
        if case .epilogue = state { return }
        if buffer.readableBytes == 0 {
            buffer = chunk
        } else {
            buffer.writeImmutableBuffer(chunk)
        }
    }

    /// Says that the body has ended; `next` then throws if it ended too early.
    package mutating func finish() { finished = true }

    /// The next event; nil when more bytes are needed, and after `end`.
    ///
    /// - Throws: `FormError`. The reader is of no use afterwards.
    package mutating func next() throws(FormError) -> MultipartEvent? {
        while true {
            switch state {
            case .preamble:
                switch scanner.next(in: &buffer) {
                case .found: state = .boundary(padding: 0)
                case .needsMore: return try needsMore()
                case .data(let text):
                    preamble += text.readableBytes
                    guard preamble <= limits.maxPreambleBytes else {
                        throw FormError(
                            .boundaryNotFound,
                            "the boundary is not in the first \(limits.maxPreambleBytes) bytes of the body"
                        )
                    }
                }
            case .boundary(let padding):
                guard let event = try restOfLine(padding: padding) else { continue }
                return event.value
            case .head(let scanned):
                guard let headers = try head(scanned: scanned) else { return try needsMore() }
                part = headers.name
                scanner.restart()
                state = .body
                return .part(headers)
            case .body:
                switch scanner.next(in: &buffer) {
                case .data(let data): return .data(data)
                case .needsMore: return try needsMore()
                case .found:
                    state = .boundary(padding: 0)
                    return .partEnd
                }
            case .epilogue: return nil
            }
        }
    }

    private func needsMore() throws(FormError) -> MultipartEvent? {
        guard finished else { return nil }
        switch state {
        case .preamble:
            throw FormError(.boundaryNotFound, "the body does not hold the boundary that its content type announces")
        case .boundary: throw FormError(.truncated, "the body ends without a closing boundary")
        case .head: throw FormError(.truncated, "the body ends inside the head of part \(parts)")
        case .body:
            throw FormError(
                .truncated, "the body ends inside part \"\(part ?? "")\", before its closing boundary", part: part
            )
        case .epilogue: return nil
        }
    }

    /// What a state's step says: `next` returns `value`.
    private struct Outcome { var value: MultipartEvent? }

    /// Behind `--boundary`: `--` closes the body; blanks are padding; CRLF starts a head. Nil: the state has changed.
    private mutating func restOfLine(padding: Int) throws(FormError) -> Outcome? {
        let pair = buffer.getBytes(at: buffer.readerIndex, length: min(2, buffer.readableBytes)) ?? []
        switch (pair.first, pair.dropFirst().first) {
        case (ASCII.space, _), (ASCII.tab, _):
            guard padding < limits.maxHeaderBytes else {
                throw FormError(.malformedBoundaryLine, "too much padding behind a boundary")
            }
            buffer.moveReaderIndex(forwardBy: 1)
            state = .boundary(padding: padding + 1)
            return nil
        case (ASCII.carriageReturn, ASCII.lineFeed):
            guard parts < limits.maxParts else {
                throw FormError(.tooMany, "the form has more than \(limits.maxParts) parts")
            }
            buffer.moveReaderIndex(forwardBy: 2)
            parts += 1
            state = .head(scanned: 0)
            return nil
        case (ASCII.dash, ASCII.dash) where padding == 0:
            buffer.moveReaderIndex(forwardBy: 2)
            appended -= buffer.readableBytes  // so that `consumedBytes` stays true without what is dropped
            buffer = ByteBuffer()  // not `clear`, which takes as much again where the bytes are in use elsewhere
            state = .epilogue
            return Outcome(value: .end)
        case (nil, _), (ASCII.carriageReturn, nil): return Outcome(value: try needsMore())
        case (ASCII.dash, nil) where padding == 0: return Outcome(value: try needsMore())
        case (ASCII.lineFeed, _), (ASCII.carriageReturn, _):
            throw FormError(.bareLineBreak, "the line of a boundary does not end in CRLF")
        default:
            throw FormError(.malformedBoundaryLine, "a line starts with the boundary but goes on with something else")
        }
    }

    /// The head, once its blank line has arrived.
    private mutating func head(scanned: Int) throws(FormError) -> PartHeaders? {
        let scan = buffer.withUnsafeReadableBytes { HeadScan(of: $0, from: scanned) }
        guard !scan.hasBareBreak else {
            throw FormError(.bareLineBreak, "the head of part \(parts) has a line that does not end in CRLF")
        }
        guard (scan.length ?? buffer.readableBytes) <= limits.maxHeaderBytes else {
            throw FormError(.tooLarge, "the head of part \(parts) is longer than \(limits.maxHeaderBytes) bytes")
        }
        guard let length = scan.length else {
            state = .head(scanned: scan.scanned)
            return nil
        }
        let lines = buffer.getBytes(at: buffer.readerIndex, length: length) ?? []
        let headers = try PartHeaders(lines: lines, number: parts, limits: limits, allowsUnnamed: allowsUnnamed)
        buffer.moveReaderIndex(forwardBy: length)
        return headers
    }
}

/// Looks for the blank line that ends a head.
private struct HeadScan {
    /// Bytes of the head with its blank line; nil while that has not arrived.
    var length: Int?
    /// Bytes that need no second look when more have arrived.
    var scanned: Int
    var hasBareBreak = false

    init(of input: UnsafeRawBufferPointer, from start: Int) {
        scanned = start
        while scanned < input.count {
            switch input[scanned] {
            case ASCII.lineFeed:
                hasBareBreak = true
                return
            case ASCII.carriageReturn:
                guard scanned + 1 < input.count else { return }
                guard input[scanned + 1] == ASCII.lineFeed else {
                    hasBareBreak = true
                    return
                }
                let blank = scanned == 0 || (scanned >= 2 && input[scanned - 1] == ASCII.lineFeed)
                scanned += 2
                if blank {
                    length = scanned
                    return
                }
            default: scanned += 1
            }
        }
    }
}
