/// Receives what a `PartReader` finds.
protocol PartSink {
    mutating func begin(_ head: PartHead)
    mutating func data(_ bytes: UnsafeRawBufferPointer)
    mutating func endPart()
    /// The close delimiter was read: the form is whole.
    mutating func end()
    mutating func malformed(_ reason: String)
}

/// Reads a `multipart/form-data` body (RFC 2046 §5.1.1, RFC 7578) as its bytes arrive.
///
/// Written apart from the gateway's own reader, so that the two do not share a mistake.
///
/// Phases: preamble → headers ⇄ data → epilogue; headers → failed. Holds at most one header block
/// or one delimiter's length of unread bytes, plus what was fed last.
struct PartReader {
    private enum Phase { case preamble, headers, data, epilogue, failed }

    static let maxHeaderBytes = 16 * 1024

    private let delimiter: [UInt8]
    private var phase = Phase.preamble
    /// Begins with the line break that a delimiter on the very first line does not have.
    private var pending: [UInt8] = [13, 10]

    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer, into sink: inout some PartSink) {
        guard phase != .epilogue, phase != .failed else { return }
        pending.append(contentsOf: bytes)
        let input = pending
        var at = 0
        input.withUnsafeBytes { input in
            while step(input, &at, &sink) {}
        }
        pending.removeAll(keepingCapacity: true)
        if phase != .epilogue, phase != .failed { pending.append(contentsOf: input[at...]) }
    }

    /// Takes one step; false when more bytes are needed or nothing is left to do.
    private mutating func step(
        _ input: UnsafeRawBufferPointer, _ at: inout Int, _ sink: inout some PartSink
    ) -> Bool {
        switch phase {
        case .preamble, .data: return readToDelimiter(input, &at, &sink)
        case .headers: return readHeaders(input, &at, &sink)
        case .epilogue, .failed: return false
        }
    }

    private mutating func readToDelimiter(
        _ input: UnsafeRawBufferPointer, _ at: inout Int, _ sink: inout some PartSink
    ) -> Bool {
        var from = at
        while let place = firstIndex(of: delimiter, in: input, from: from) {
            switch Self.follow(input, after: place + delimiter.count) {
            case .unknownYet:
                emit(input[at..<place], to: &sink)
                at = place
                return false
            case .none:
                // The boundary is a prefix of something else on this line: plain data.
                from = place + 1
            case .part(let next):
                emit(input[at..<place], to: &sink)
                if phase == .data { sink.endPart() }
                phase = .headers
                at = next
                return true
            case .close:
                emit(input[at..<place], to: &sink)
                if phase == .data { sink.endPart() }
                phase = .epilogue
                sink.end()
                return false
            }
        }
        // A delimiter may have begun in the last bytes.
        let safe = max(at, input.count - delimiter.count + 1)
        emit(input[at..<safe], to: &sink)
        at = safe
        return false
    }

    private enum Follow { case part(Int), close, none, unknownYet }

    /// What stands after the boundary: `--` closes; optional blanks and a line break open the next part.
    private static func follow(_ input: UnsafeRawBufferPointer, after start: Int) -> Follow {
        var at = start
        guard at < input.count else { return .unknownYet }
        if input[at] == UInt8(ascii: "-") {
            guard at + 1 < input.count else { return .unknownYet }
            return input[at + 1] == UInt8(ascii: "-") ? .close : .none
        }
        while at < input.count, input[at] == 32 || input[at] == 9 { at += 1 }
        guard at < input.count else { return .unknownYet }
        guard input[at] == 13 else { return .none }
        guard at + 1 < input.count else { return .unknownYet }
        // The line break stays: with it, an empty header block is CRLF CRLF like any other.
        return input[at + 1] == 10 ? .part(at) : .none
    }

    private mutating func readHeaders(
        _ input: UnsafeRawBufferPointer, _ at: inout Int, _ sink: inout some PartSink
    ) -> Bool {
        guard let close = firstIndex(of: [13, 10, 13, 10], in: input, from: at) else {
            if input.count - at > Self.maxHeaderBytes { fail("the headers of a part are too long", &sink) }
            return false
        }
        let text = String(decoding: input[at..<close], as: UTF8.self)
        guard let head = PartHead(text) else {
            fail("a part has no Content-Disposition: form-data with a name", &sink)
            return false
        }
        sink.begin(head)
        phase = .data
        at = close + 4
        return true
    }

    private mutating func fail(_ reason: String, _ sink: inout some PartSink) {
        phase = .failed
        sink.malformed(reason)
    }

    private func emit(_ bytes: Slice<UnsafeRawBufferPointer>, to sink: inout some PartSink) {
        guard phase == .data, !bytes.isEmpty else { return }
        sink.data(UnsafeRawBufferPointer(rebasing: bytes))
    }
}
