import NIOCore

/// A file that comes as text in a form: base64, or a `data:` URI. In constant memory, as `FormEvent`s.
struct EncodedFile: Sendable {
    private let fieldName: String
    /// Bytes of text at most, where that is known.
    private let maxLength: Int?
    private var text = FileTextDecoder()
    private var ready = ByteBuffer()
    private var isAnnounced = false

    init(fieldName: String, maxLength: Int?) {
        self.fieldName = fieldName
        self.maxLength = maxLength
    }

    /// Takes more of the text.
    mutating func append(_ bytes: ByteBuffer) throws(FormError) -> [FormEvent] {
        var fault: FormError?
        bytes.withUnsafeReadableBytes { input in
            do throws(FormError) { try text.takeAll(input, into: &ready) } catch { fault = error }
        }
        if let fault { throw fault }
        return text.isDecided ? events() : []
    }

    /// Ends the text; gives no event where it was empty.
    mutating func finish() throws(FormError) -> [FormEvent] {
        try text.finish(into: &ready)
        if !isAnnounced, ready.readableBytes == 0, text.uri == nil { return [] }
        return events() + [.fileEnd]
    }

    private mutating func events() -> [FormEvent] {
        var events: [FormEvent] = []
        if !isAnnounced {
            isAnnounced = true
            let bound = maxLength.map { text.uri?.isBase64 == false ? $0 : Base64Decoder.maxDecodedLength(of: $0) }
            events.append(
                .fileStart(
                    FormFile(
                        fieldName: fieldName, filename: text.uri?.filename, contentType: text.uri?.contentType,
                        maxLength: bound)))
        }
        if ready.readableBytes > 0 {
            events.append(.fileData(ready))
            ready = ByteBuffer()
        }
        return events
    }
}
