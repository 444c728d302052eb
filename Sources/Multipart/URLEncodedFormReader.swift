import Encodings
import NIOCore

/// Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1) as form events: the field `file` is decoded as it comes,
/// base64 or a `data:` URI, in constant memory; each other field is delivered whole.
struct URLEncodedFormReader: Sendable {
    private enum State {
        case name
        case value(String)
        case file(EncodedFile)
        case end
        case done
    }

    private let limits: FormLimits
    private let bodyLength: Int?
    private var state = State.name
    private var buffer = ByteBuffer()
    /// What has come of a name or value, decoded.
    private var held = ByteBuffer()
    /// What has come of a `%XX`.
    private var escape: [UInt8] = []
    private var ready: [FormEvent] = []
    private var appended = 0
    private var finished = false
    private var fieldBytes = 0
    private var fields = 0
    private var hasFile = false

    init(bodyLength: Int?, limits: FormLimits) {
        self.bodyLength = bodyLength
        self.limits = limits
    }

    mutating func append(_ chunk: ByteBuffer) {
        appended += chunk.readableBytes
        if buffer.readableBytes == 0 { buffer = chunk } else { buffer.writeImmutableBuffer(chunk) }
    }

    mutating func finish() { finished = true }

    mutating func next() throws(FormError) -> FormEvent? {
        while ready.isEmpty {
            switch state {
            case .end:
                state = .done
                return .end
            case .done: return nil
            case .name, .value, .file: guard try step() else { return nil }
            }
        }
        return ready.removeFirst()
    }

    /// Takes what has come of a name or value; false where more must come first.
    private mutating func step() throws(FormError) -> Bool {
        let isName = if case .name = state { true } else { false }
        let view = buffer.readableBytesView
        let end = view.firstIndex { $0 == UInt8(ascii: "&") || (isName && $0 == ASCII.equals) }
        let piece = buffer.readSlice(length: (end ?? view.endIndex) - view.startIndex) ?? ByteBuffer()
        decode(piece)
        try pass()
        guard end != nil || finished else { return false }
        let delimiter = end == nil ? nil : buffer.readInteger(as: UInt8.self)
        held.writeBytes(escape)  // a `%` that is none
        escape = []
        try endPiece(at: delimiter)
        return true
    }

    private mutating func endPiece(at delimiter: UInt8?) throws(FormError) {
        switch state {
        case .name:
            let name = held.readableBytesView.headerText
            held = ByteBuffer()
            if delimiter == ASCII.equals {
                state = try begin(name)
            } else {
                if !name.isEmpty { ready = [.field(name: name, value: .text(ByteBuffer()))] }
                state = delimiter == nil ? .end : .name
            }
        case .value(let name):
            ready = [.field(name: name, value: .text(held))]
            held = ByteBuffer()
            state = delimiter == nil ? .end : .name
        case .file(var file):
            ready += try file.append(held) + file.finish()
            held = ByteBuffer()
            state = delimiter == nil ? .end : .name
        case .end, .done: break
        }
    }

    /// Hands on what need not be held, and counts what must.
    private mutating func pass() throws(FormError) {
        if case .file(var file) = state {
            ready = try file.append(held)
            state = .file(file)
            held = ByteBuffer()
            return
        }
        guard fieldBytes + held.readableBytes <= limits.maxFieldBytes else {
            throw FormError(.tooLarge, "the fields beside \"file\" are longer than \(limits.maxFieldBytes) bytes together")
        }
    }

    private mutating func begin(_ name: String) throws(FormError) -> State {
        fields += 1
        guard fields <= limits.maxParts else {
            throw FormError(.tooMany, "the form has more than \(limits.maxParts) fields")
        }
        fieldBytes += name.utf8.count
        guard FileFieldName.isFile(name) else { return .value(name) }
        guard !hasFile else { throw FormError(.duplicateFile, "\"file\" stands twice in the body", part: name) }
        hasFile = true
        let rest = bodyLength.map { max(0, $0 - appended + buffer.readableBytes) }
        return .file(EncodedFile(fieldName: name, maxLength: rest))
    }

    /// Undoes `%XX` and `+`.
    private mutating func decode(_ piece: ByteBuffer) {
        held.reserveCapacity(held.readableBytes + piece.readableBytes)
        for byte in piece.readableBytesView {
            if !escape.isEmpty {
                escape.append(byte)
                guard escape.count == 3 || byte.hexValue == nil else { continue }
                if let decoded = PercentEncoding.bytes(escape) { held.writeBytes(decoded) } else { held.writeBytes(escape) }
                escape = []
            } else if byte == ASCII.percent {
                escape = [byte]
            } else {
                held.writeInteger(byte == UInt8(ascii: "+") ? ASCII.space : byte)
            }
        }
    }
}
