import Encodings
import NIOCore

/// The string member `file` of a JSON body, read from behind its opening quote: undoes the string's escapes (RFC 8259
/// §7) and decodes its text.
struct JSONFileString: Sendable {
    private var text = FileTextDecoder()
    /// What has come of an escape: empty, or `\`, `\u`, `\u0` …
    private var escape: [UInt8] = []
    private var isAnnounced = false
    private var isClosed = false
    /// Decoded while the file was not announced yet.
    private var ready = ByteBuffer()

    /// True once the closing quote is read and every event delivered.
    var isAtEnd: Bool { isClosed && isAnnounced && ready.readableBytes == 0 }

    /// Reads on; nil when all of the buffer is used up.
    mutating func next(
        _ buffer: inout ByteBuffer, at offset: Int, bodyLength: Int?
    ) throws(FormError) -> FormEvent? {
        let available = buffer.readableBytes
        while !isClosed, buffer.readableBytes > 0 {
            try read(&buffer, at: offset + available - buffer.readableBytes)
            if text.isDecided, !isAnnounced { break }
        }
        if text.isDecided || isClosed, !isAnnounced {
            isAnnounced = true
            let rest = bodyLength.map { max(0, $0 - offset) }
            return .fileStart(
                FormFile(
                    fieldName: "file", filename: text.uri?.filename, contentType: text.uri?.contentType,
                    maxLength: rest.map { text.uri?.isBase64 == false ? $0 : Base64Decoder.maxDecodedLength(of: $0) }
                )
            )
        }
        guard isAnnounced, ready.readableBytes > 0 else { return nil }
        defer { ready = ByteBuffer() }
        return .fileData(ready)
    }

    /// Takes a run of plain text, or one byte of anything else.
    private mutating func read(_ buffer: inout ByteBuffer, at offset: Int) throws(FormError) {
        if escape.isEmpty {
            var taken = 0
            var fault: FormError?
            buffer.withUnsafeReadableBytes { input in
                do throws(FormError) { taken = try text.consume(input, into: &ready) } catch { fault = error }
            }
            if let fault { throw fault }
            buffer.moveReaderIndex(forwardBy: taken)
            if taken > 0 { return }
        }
        guard let byte = buffer.readInteger(as: UInt8.self) else { return }
        guard byte >= ASCII.space else {
            throw FormError(
                .notJSON, "the body is not JSON: control character in a string at byte \(offset)", part: "file",
                offset: offset
            )
        }
        if !escape.isEmpty || byte == ASCII.backslash {
            escape.append(byte)
            try endEscape(at: offset)
        } else if byte == ASCII.quote {
            isClosed = true
            try text.finish(into: &ready)
        } else {
            try text.take(byte, into: &ready)
        }
    }

    /// Takes the escaped character once its last byte has come.
    private mutating func endEscape(at offset: Int) throws(FormError) {
        guard escape.count > 1 else { return }
        switch escape[1] {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"): try text.take(escape[1], into: &ready)
        case UInt8(ascii: "b"): try text.take(0x08, into: &ready)
        case UInt8(ascii: "f"): try text.take(0x0C, into: &ready)
        case UInt8(ascii: "n"): try text.take(ASCII.lineFeed, into: &ready)
        case UInt8(ascii: "r"): try text.take(ASCII.carriageReturn, into: &ready)
        case UInt8(ascii: "t"): try text.take(ASCII.tab, into: &ready)
        case UInt8(ascii: "u"):
            guard escape.count == 2 || escape[escape.count - 1].hexValue != nil else {
                throw Self.badEscape(at: offset)
            }
            guard escape.count == 6 else { return }
            let unit = escape[2...].reduce(UInt32(0)) { $0 << 4 | UInt32($1.hexValue ?? 0) }
            // Half of a surrogate pair: text beyond the basic plane, which no encoding of a file holds.
            guard let scalar = Unicode.Scalar(unit) else { throw FileTextDecoder.undecodable }
            for byte in UTF8.encode(scalar) ?? .init() { try text.take(byte, into: &ready) }
        default: throw Self.badEscape(at: offset)
        }
        escape = []
    }

    private static func badEscape(at offset: Int) -> FormError {
        FormError(.notJSON, "the body is not JSON: unknown escape at byte \(offset)", part: "file", offset: offset)
    }
}
