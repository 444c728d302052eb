import JSON
package import NIOCore

/// Reads a JSON object as form events: its string member `file` is decoded as it arrives, base64 or a `data:` URI, in
/// constant memory; each other member is a field, delivered whole.
///
/// A `file` that is no string is a field too: what that means is the caller's to say.
///
/// The objects of one array member may hold files too, where the caller names it: their members are then fields of their
/// own, `attachments[0][file_name]`, and so are their files.
package struct JSONFormReader: Sendable {
    private enum State {
        case start
        /// Before a member's name; `first` right behind `{`, where `}` may stand too.
        case beforeName(first: Bool)
        case name(JSONValueScanner)
        case colon(String)
        case beforeValue(String)
        case value(String, JSONValueScanner)
        case file(JSONFileString)
        case fileEnd
        case afterValue
        /// Before an object of the array that may hold files; `first` right behind `[`, where `]` may stand too.
        case beforeItem(first: Bool)
        case afterItem
        case end
        case done
    }

    private let limits: FormLimits
    private let bodyLength: Int?
    /// The array member whose objects may hold files.
    private let fileList: String?
    /// The object of that array that is being read.
    private var item: Int?
    private var state = State.start
    private var buffer = ByteBuffer()
    private var held: [UInt8] = []
    private var appended = 0
    private var finished = false
    private var fieldBytes = 0
    private var members = 0
    private var hasFile = false

    /// - Parameter bodyLength: the request's `Content-Length`, to bound the file's length before it has come.
    package init(bodyLength: Int? = nil, limits: FormLimits = .standard) {
        self.init(bodyLength: bodyLength, limits: limits, fileList: nil)
    }

    init(bodyLength: Int?, limits: FormLimits, fileList: String?) {
        self.bodyLength = bodyLength
        self.fileList = fileList
        self.limits = limits
    }

    /// Takes the next bytes of the body. Call `next` until it is nil before appending again.
    package mutating func append(_ chunk: ByteBuffer) {
        appended += chunk.readableBytes
        if buffer.readableBytes == 0 { buffer = chunk } else { buffer.writeImmutableBuffer(chunk) }
    }

    /// Says that the body has ended; `next` then throws if it ended too early.
    package mutating func finish() { finished = true }

    private var offset: Int { appended - buffer.readableBytes }

    /// The next event; nil when more bytes are needed, and after `end`.
    ///
    /// - Throws: `FormError`. The reader is of no use afterwards.
    package mutating func next() throws(FormError) -> FormEvent? {
        while true {
            switch state {
            case .name, .value, .file, .fileEnd, .done: break
            default: skipWhiteSpace()
            }
            if case .fileEnd = state {
                state = .afterValue
                return .fileEnd
            }
            if case .done = state { return nil }
            guard let byte = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else {
                return try inputEnded()
            }
            switch state {
            case .start:
                guard byte == UInt8(ascii: "{") else {
                    if try passMark(byte) { continue }
                    return nil
                }
                skip()
                state = .beforeName(first: true)
            case .beforeName(let first):
                if byte == 0, first, offset == 1 { throw Self.otherEncoding("UTF-16") }
                if byte == UInt8(ascii: "}"), first {
                    skip()
                    state = item == nil ? .end : .afterItem
                } else if byte == ASCII.quote {
                    state = .name(JSONValueScanner(first: byte))
                } else {
                    throw notJSON("expected a member name")
                }
            case .name(var scanner):
                let ended = try gather(&scanner, for: nil)
                state = .name(scanner)
                guard ended, let name = try heldValue().string else { continue }
                state = .colon(name)
            case .colon(let name):
                guard byte == ASCII.colon else { throw notJSON("expected ':'") }
                skip()
                state = .beforeValue(name)
            case .beforeValue(let name):
                if let file = try begin(name, with: byte) { state = .file(file) }
            case .value(let name, var scanner):
                let ended = try gather(&scanner, for: name)
                state = .value(name, scanner)
                guard ended else { continue }
                state = .afterValue
                return .field(name: fieldName(name), value: .json(try heldValue()))
            case .file(var file):
                let event = try file.next(&buffer, at: offset, bodyLength: bodyLength)
                state = file.isAtEnd ? .fileEnd : .file(file)
                if case .fileStart(var start)? = event {
                    start.fieldName = fieldName(start.fieldName)
                    return .fileStart(start)
                }
                if let event { return event }
            case .afterValue:
                guard byte == ASCII.comma || byte == UInt8(ascii: "}") else { throw notJSON("expected ',' or '}'") }
                skip()
                state = byte == ASCII.comma ? .beforeName(first: false) : item == nil ? .end : .afterItem
            case .beforeItem(let first):
                if byte == UInt8(ascii: "]"), first {
                    skip()
                    item = nil
                    state = .afterValue
                } else if byte == UInt8(ascii: "{") {
                    skip()
                    hasFile = false
                    state = .beforeName(first: true)
                } else {
                    throw notJSON("expected an object of \"\(fileList ?? "")\"")
                }
            case .afterItem:
                guard byte == ASCII.comma || byte == UInt8(ascii: "]") else { throw notJSON("expected ',' or ']'") }
                skip()
                if byte == ASCII.comma {
                    item = item.map { $0 + 1 }
                    state = .beforeItem(first: false)
                } else {
                    item = nil
                    state = .afterValue
                }
            case .end: throw notJSON("text after the document")
            case .fileEnd, .done: return nil
            }
        }
    }

    /// Passes over a byte order mark of UTF-8, which RFC 8259 §8.1 lets a reader ignore; false where more must come.
    private mutating func passMark(_ byte: UInt8) throws(FormError) -> Bool {
        let start = buffer.getBytes(at: buffer.readerIndex, length: min(3, buffer.readableBytes)) ?? []
        switch byte {
        case 0xEF where offset == 0 && start.count < 3 && !finished: return false
        case 0xEF where offset == 0 && start == [0xEF, 0xBB, 0xBF]:
            buffer.moveReaderIndex(forwardBy: 3)
            return true
        case 0xFE, 0xFF, 0:
            let isWide = start.starts(with: [0, 0]) || start == [0xFF, 0xFE, 0]
            throw Self.otherEncoding(isWide ? "UTF-32" : "UTF-16")
        default: throw Self.notAnObject(startingWith: byte)
        }
    }

    private static func otherEncoding(_ name: String) -> FormError {
        FormError(.notJSON, "the body is \(name), and JSON is UTF-8", offset: 0)
    }

    /// At the start of a member's value: a reader for the file's text, or nil with the state set for any other value.
    private mutating func begin(_ name: String, with byte: UInt8) throws(FormError) -> JSONFileString? {
        members += 1
        guard members <= limits.maxParts else {
            throw FormError(.tooMany, "the body has more than \(limits.maxParts) members")
        }
        if name == fileList, item == nil, byte == UInt8(ascii: "[") {
            skip()
            item = 0
            state = .beforeItem(first: true)
            return nil
        }
        if name == "file", fileList == nil || item != nil {
            guard !hasFile else { throw FormError(.duplicateFile, "\"file\" stands twice in the body", part: name) }
            hasFile = true
            if byte == ASCII.quote {
                skip()
                return JSONFileString()
            }
        }
        state = .value(name, JSONValueScanner(first: byte))
        return nil
    }

    /// The name of a member with where it stands.
    private func fieldName(_ name: String) -> String {
        guard let fileList, let item else { return name }
        return "\(fileList)[\(item)][\(name)]"
    }

    /// No more input for now: that is an end, a fault, or a wait.
    private mutating func inputEnded() throws(FormError) -> FormEvent? {
        guard finished else { return nil }
        if case .end = state {
            state = .done
            return .end
        }
        if case .file = state {
            throw FormError(.truncated, "the body ends inside \"file\"", part: "file", offset: offset)
        }
        throw FormError(.truncated, offset == 0 ? "the body is empty" : "the JSON body ends too early", offset: offset)
    }

    private mutating func skip() { buffer.moveReaderIndex(forwardBy: 1) }

    private mutating func skipWhiteSpace() {
        let length = buffer.withUnsafeReadableBytes { $0.prefix { $0.isWhiteSpace }.count }
        buffer.moveReaderIndex(forwardBy: length)
    }

    /// Adds what has come of a name or value to `held`; true once it is whole.
    private mutating func gather(_ scanner: inout JSONValueScanner, for name: String?) throws(FormError) -> Bool {
        let (length, ended) = scanner.scan(buffer.readableBytesView)
        fieldBytes += length
        guard fieldBytes <= limits.maxFieldBytes else {
            throw FormError(
                .tooLarge, "the members beside \"file\" are longer than \(limits.maxFieldBytes) bytes together",
                part: name
            )
        }
        held += buffer.readableBytesView.prefix(length)
        buffer.moveReaderIndex(forwardBy: length)
        return ended
    }

    private mutating func heldValue() throws(FormError) -> JSONValue {
        defer { held = [] }
        let start = offset - held.count
        do throws(JSONError) {
            return try JSONValue.parse(held, maxDepth: limits.maxDepth)
        } catch {
            let at = start + error.offset
            throw FormError(.notJSON, "the body is not JSON: \(error.message) at byte \(at)", offset: at)
        }
    }

    private func notJSON(_ what: String) -> FormError {
        FormError(.notJSON, "the body is not JSON: \(what) at byte \(offset)", offset: offset)
    }

    private static func notAnObject(startingWith byte: UInt8) -> FormError {
        // Literals are left out: what starts with one of their letters is as likely no JSON at all.
        switch byte {
        case UInt8(ascii: "["), ASCII.quote, UInt8(ascii: "0")...UInt8(ascii: "9"):
            return FormError(.notAnObject, "the body must be a JSON object", offset: 0)
        default: return FormError(.notJSON, "the body is not a JSON object: it does not start with '{'", offset: 0)
        }
    }
}
