import Encodings
import NIOCore

/// Decodes the text of a file in a JSON string: base64, or a `data:` URI (RFC 2397) of either encoding.
///
/// States: start → base64 | head; head → base64 | percent.
struct FileTextDecoder: Sendable {
    private enum State {
        /// The text so far is a beginning of `data:`, and may be base64 too.
        case start
        case head
        case base64
        case percent
    }

    /// The longest head of a `data:` URI; real ones have a media type and a name.
    static let maxHead = 2048

    private var state = State.start
    private var held: [UInt8] = []
    private var base64 = Base64Decoder()
    /// The first bytes of the text, to tell what else it may be.
    private var beginning: [UInt8] = []
    private static let remembered = 24
    /// The part of a `%XX` that has been read: empty, or `%` and one digit at most.
    private var escape: [UInt8] = []
    /// The head of the `data:` URI, once it is read.
    private(set) var uri: DataURI?

    /// True once it is known what the text is.
    var isDecided: Bool {
        switch state {
        case .start, .head: false
        case .base64, .percent: true
        }
    }

    /// Decodes as far as the text is plain.
    ///
    /// - Returns: how many bytes that were. The one behind them is white space, a delimiter or escape of the JSON
    ///   string, a control character, or wrong; if it is text, hand it to `take`.
    mutating func consume(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer) throws(FormError) -> Int {
        var at = 0
        while at < input.count {
            if case .base64 = state, escape.isEmpty, beginning.count >= Self.remembered {
                at += base64.consume(UnsafeRawBufferPointer(rebasing: input[at...]), into: &out)
                guard at < input.count, input[at] == ASCII.percent else { return at }
            }
            let byte = input[at]
            guard byte > ASCII.space, byte != ASCII.quote, byte != ASCII.backslash else { return at }
            let wasDecided = isDecided
            try take(byte, into: &out)
            at += 1
            if isDecided != wasDecided { return at }
        }
        return at
    }

    /// Takes one byte of text, whatever it is.
    mutating func take(_ byte: UInt8, into out: inout ByteBuffer) throws(FormError) {
        if beginning.count < Self.remembered { beginning.append(byte) }
        switch state {
        case .start:
            if held.isEmpty, base64.pass(byte) { return }
            held.append(byte)
            let scheme: StaticString = "data:"
            let letter = scheme.withUTF8Buffer { $0[held.count - 1] }
            let lowercase = byte.isAlphanumeric ? byte | 0x20 : byte
            if lowercase != letter {
                try becomeBase64(into: &out)
            } else if held.count == 5 {
                held = []
                base64 = Base64Decoder()
                state = .head
            }
        case .head:
            if byte == ASCII.comma {
                guard let uri = DataURI(head: held.headerText) else { throw Self.undecodable }
                self.uri = uri
                held = []
                state = uri.isBase64 ? .base64 : .percent
            } else {
                guard held.count < Self.maxHead else { throw Self.undecodable }
                held.append(byte)
            }
        case .base64:
            // Only a URI has escapes: `%2B`, `%3D` in base64 that was percent-encoded once more.
            if uri != nil, let decoded = try unescaped(byte) {
                try takeBase64(decoded, into: &out)
            } else if uri == nil {
                try takeBase64(byte, into: &out)
            }
        case .percent:
            if let decoded = try unescaped(byte) { out.writeInteger(decoded) }
        }
    }

    /// Takes text that nothing delimits or escapes.
    mutating func takeAll(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer) throws(FormError) {
        var at = 0
        while at < input.count {
            at += try consume(UnsafeRawBufferPointer(rebasing: input[at...]), into: &out)
            guard at < input.count else { return }
            try take(input[at], into: &out)
            at += 1
        }
    }

    /// Ends the text.
    mutating func finish(into out: inout ByteBuffer) throws(FormError) {
        if case .start = state { try becomeBase64(into: &out) }
        if case .head = state { throw Self.undecodable }
        guard escape.isEmpty else { throw Self.undecodable }
        // Some of these words are base64 too, of files of three bytes that nobody has.
        if uri == nil, beginning.count < Self.remembered, let fault = FileStandIn.fault(beginning) { throw fault }
        if case .base64 = state, !base64.finish(into: &out) { throw Self.undecodable }
    }

    private mutating func becomeBase64(into out: inout ByteBuffer) throws(FormError) {
        state = .base64
        for byte in held { try takeBase64(byte, into: &out) }
        held = []
    }

    private mutating func takeBase64(_ byte: UInt8, into out: inout ByteBuffer) throws(FormError) {
        let taken = withUnsafeBytes(of: byte) { base64.consume($0, into: &out) }
        guard taken == 1 || base64.pass(byte) else {
            throw uri == nil ? FileStandIn.fault(beginning: beginning) ?? Self.undecodable : Self.undecodable
        }
    }

    /// The byte, or the one that an escape which ends here stands for; nil inside an escape.
    private mutating func unescaped(_ byte: UInt8) throws(FormError) -> UInt8? {
        if escape.isEmpty, byte != ASCII.percent { return byte }
        escape.append(byte)
        guard escape.count == 3 else { return nil }
        guard let decoded = PercentEncoding.bytes(escape)?.first else { throw Self.undecodable }
        escape = []
        return decoded
    }

    static let undecodable = FormError(
        .undecodableFile,
        "\"file\" is neither base64 (standard or URL-safe alphabet, padding optional) nor a data: URI", part: "file"
    )
}
