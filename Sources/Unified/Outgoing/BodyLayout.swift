import Catalog
import Encodings
import JSON
import Multipart
import NIOCore

/// An outgoing body laid out for sending: what is known as bytes, and where the caller's files go.
///
/// A file itself is never held here, so a layout is small whatever the file's size.
struct BodyLayout: Sendable {
    enum Segment: Sendable {
        case bytes(ByteBuffer)
        /// - Parameter token: of the file's handle.
        case file(FileEncoding, token: String)
    }

    /// How the file's bytes are written where they stand.
    enum FileEncoding: Sendable {
        case identity
        /// Padded base64 (RFC 4648 §4): 4·⌈n/3⌉ bytes.
        case base64

        func length(of size: Int64) -> Int64 {
            switch self {
            case .identity: size
            case .base64: (size + 2) / 3 * 4
            }
        }
    }

    private(set) var segments: [Segment] = []
    /// The files of the body, those that an address stands for too, each as its handle has it.
    private(set) var files: [FileHandle] = []
    var contentType: String?
    /// The address that stands for the file where the provider fetches it.
    var link: String?
    /// Whether spaces behind the body's end are ignored by its format.
    var allowsPadding = false

    mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if case .bytes(var last)? = segments.last {
            segments.removeLast()  // so that `last` is unique and grows in place
            last.writeImmutableBuffer(bytes)
            segments.append(.bytes(last))
        } else {
            segments.append(.bytes(bytes))
        }
    }

    mutating func append(_ text: String) { append(ByteBuffer(string: text)) }

    mutating func appendFile(_ encoding: FileEncoding, _ token: String) { segments.append(.file(encoding, token: token)) }

    mutating func note(_ file: FileHandle) { files.append(file) }

    /// The tokens of the files whose bytes it holds.
    var placedFiles: [String] {
        segments.compactMap { if case .file(_, let token) = $0 { token } else { nil } }
    }

    /// The body's length in bytes; nil where it holds a file of unknown size.
    func length(fileSize: Int64?) -> Int64? { length { _ in fileSize } }

    /// - Parameter fileSize: bytes of a file, by the token of its handle.
    func length(_ fileSize: (String) -> Int64?) -> Int64? {
        var total: Int64 = 0
        for segment in segments {
            switch segment {
            case .bytes(let bytes): total += Int64(bytes.readableBytes)
            case .file(let encoding, let token):
                guard let size = fileSize(token) else { return nil }
                total += encoding.length(of: size)
            }
        }
        return total
    }
}

extension BodyLayout {
    /// Lays out a mapped body.
    ///
    /// - Parameters:
    ///   - tokens: of the handles of this call's files; any other handle was made up by a caller and is refused.
    ///   - link: what is written in place of a file that the provider fetches.
    init(_ body: OutgoingBody, tokens: Set<String> = [], link: String? = nil) throws(APIError) {
        self.link = link
        switch body {
        case .none: break
        case .json(let value):
            contentType = "application/json"
            allowsPadding = true
            try appendJSON(value, tokens: tokens)
        case .form(let pairs):
            contentType = "application/x-www-form-urlencoded"
            for (at, pair) in pairs.enumerated() {
                let value: String
                switch pair.content {
                case .text(let text): value = text
                case .file(let handle): value = try address(of: handle, tokens: tokens)
                case .blob(let blob): value = blob.base64
                }
                append((at > 0 ? "&" : "") + URLEncodedForm.text([(pair.name, value)]))
            }
        case .multipart(let parts): try appendMultipart(parts, tokens: tokens)
        case .raw(let value, let type): try appendRaw(value, type: type, tokens: tokens)
        case .xml(let pieces):
            contentType = "application/xml"
            allowsPadding = true
            for piece in pieces {
                switch piece {
                case .text(let text): append(text)
                case .file(let handle) where handle.form == .url: append(Self.xmlText(try address(of: handle, tokens: tokens)))
                case .file(var handle):
                    if handle.form == .bytes { handle.form = .base64 }
                    try appendFile(handle, tokens: tokens)
                }
            }
        }
        let placed = placedFiles
        guard Set(placed).count == placed.count else {
            throw APIError(.mappingFailed, "The mapping uses the file more than once; a stream can be read once")
        }
    }

    private mutating func appendMultipart(_ parts: [BodyPart], tokens: Set<String>) throws(APIError) {
        let writer = MultipartWriter()
        contentType = writer.contentType
        allowsPadding = true
        for part in parts {
            switch part.content {
            case .text(let text): append(writer.field(part.name, text))
            case .file(let handle) where handle.form == .url:
                append(writer.field(part.name, try address(of: handle, tokens: tokens)))
            case .file(let handle):
                append(
                    writer.head(
                        name: part.name, filename: handle.name ?? "file",
                        contentType: handle.contentType ?? "application/octet-stream"))
                try appendFile(handle, tokens: tokens)
                append(writer.partEnd)
            case .blob(let blob):
                append(writer.head(name: part.name, filename: part.name, contentType: blob.contentType))
                append(try decode(blob))
                append(writer.partEnd)
            }
        }
        append(writer.tail)
    }

    private mutating func appendRaw(_ value: JSONValue, type: String?, tokens: Set<String>) throws(APIError) {
        if let handle = FileHandle(value) {
            contentType = type ?? handle.contentType ?? "application/octet-stream"
            try appendFile(handle, tokens: tokens)
        } else if let blob = InlineBlob(value) {
            contentType = type ?? blob.contentType ?? "application/octet-stream"
            append(try decode(blob))
        } else if let text = value.string {
            contentType = type ?? "text/plain; charset=utf-8"
            append(text)
        } else {
            contentType = type ?? "application/json"
            append(ByteBuffer(bytes: value.bytes()))
        }
    }

    private mutating func appendFile(_ handle: FileHandle, tokens: Set<String>) throws(APIError) {
        if handle.form == .url { return append(try address(of: handle, tokens: tokens)) }
        try take(handle, tokens)
        switch handle.form {
        case .bytes, .url: appendFile(.identity, handle.token)
        case .base64: appendFile(.base64, handle.token)
        case .dataURI:
            append("data:\(Self.uriText(handle.contentType ?? "application/octet-stream"));base64,")
            appendFile(.base64, handle.token)
        }
    }

    private mutating func take(_ handle: FileHandle, _ tokens: Set<String>) throws(APIError) {
        guard tokens.contains(handle.token) else {
            throw APIError(.invalidBody, "The body names a file that was not sent with this request")
        }
        note(handle)
    }

    private mutating func address(of handle: FileHandle, tokens: Set<String>) throws(APIError) -> String {
        try take(handle, tokens)
        guard let link else {
            throw APIError(.mappingFailed, "The mapping gives an address of the file, and the call has no file_url")
        }
        return link
    }

    /// A media type as a `data:` URI has it (RFC 2397 §3): percent-encoded, so that it does not end the text in which it
    /// stands. Spaces mean nothing between its parameters.
    private static func uriText(_ mediaType: String) -> String {
        PercentEncoding.encoded(mediaType.filter { $0 != " " }, keeping: "/;=+")
    }

    private static func xmlText(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    /// Writes JSON; a file handle in it becomes a string with the file's base64 inside.
    private mutating func appendJSON(_ value: JSONValue, tokens: Set<String>) throws(APIError) {
        switch value {
        case .object(let members):
            if var handle = FileHandle(value) {
                if handle.form == .url {
                    return append(ByteBuffer(bytes: JSONValue.string(try address(of: handle, tokens: tokens)).bytes()))
                }
                if handle.form == .bytes { handle.form = .base64 }
                append("\"")
                try appendFile(handle, tokens: tokens)
                append("\"")
                return
            }
            if let blob = InlineBlob(value) { return append(ByteBuffer(bytes: JSONValue.string(blob.base64).bytes())) }
            append("{")
            for (at, member) in members.elements.enumerated() {
                if at > 0 { append(",") }
                append(ByteBuffer(bytes: JSONValue.string(member.key).bytes()))
                append(":")
                try appendJSON(member.value, tokens: tokens)
            }
            append("}")
        case .array(let items):
            append("[")
            for (at, item) in items.enumerated() {
                if at > 0 { append(",") }
                try appendJSON(item, tokens: tokens)
            }
            append("]")
        default: append(ByteBuffer(bytes: value.bytes()))
        }
    }

    private func decode(_ blob: InlineBlob) throws(APIError) -> ByteBuffer {
        do {
            var decoder = Base64Decoder()
            var decoded = try decoder.decode(ByteBuffer(string: blob.base64))
            var rest = try decoder.finish()
            decoded.writeBuffer(&rest)
            return decoded
        } catch {
            throw APIError(.mappingFailed, "The mapping made a blob that is not base64")
        }
    }
}
