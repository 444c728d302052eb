public import NIOCore

/// Reads the body of an upload as it arrives, whichever way the file comes: as a part of a form, as base64 or a `data:`
/// URI in JSON, or as the body itself.
///
/// ```
/// reader.append(chunk)
/// while let event = try reader.next() { … }   // nil: append more, or finish
/// ```
public struct FormReader: Sendable {
    private enum Kind {
        case multipart(MultipartFormReader)
        case json(JSONFormReader)
        case raw(RawFormReader)
    }

    private var kind: Kind
    /// Whether the body is read as JSON.
    public let isJSON: Bool

    /// A reader for a request by its header fields.
    ///
    /// `multipart/form-data` is a form; `application/json` and `text/plain` are JSON, the latter since browsers send
    /// JSON as such to spare a preflight; anything else, or nothing, is the file itself, named by its
    /// `Content-Disposition`.
    ///
    /// - Parameter bodyLength: the request's `Content-Length`, to bound the file's length before it has come.
    /// - Throws: `FormError.Code.invalidBoundary`.
    public init(
        contentType: String?, contentDisposition: String? = nil, bodyLength: Int? = nil, limits: FormLimits = .standard
    ) throws(FormError) {
        let type = contentType.flatMap(MediaType.init)
        isJSON = type?.essence == "application/json" || type?.essence == "text/plain"
        // A form whose parameters cannot be read must not pass for a file.
        if type == nil, contentType?.lowercased().hasPrefix("multipart/form-data") == true {
            throw FormError(.invalidBoundary, "the parameters of the content type multipart/form-data are malformed")
        }
        if let type, type.essence == "multipart/form-data" {
            kind = .multipart(
                try MultipartFormReader(boundary: try type.boundary(), bodyLength: bodyLength, limits: limits)
            )
        } else if isJSON {
            kind = .json(JSONFormReader(bodyLength: bodyLength, limits: limits))
        } else {
            let filename = contentDisposition.flatMap(ContentDisposition.init(parsing:))?.filename
            kind = .raw(
                RawFormReader(
                    file: FormFile(
                        fieldName: "file", filename: filename, contentType: contentType, length: bodyLength
                    )
                )
            )
        }
    }

    /// Takes the next bytes of the body. Call `next` until it is nil before appending again, and file bytes are neither
    /// held nor, but for decoding, copied.
    public mutating func append(_ chunk: ByteBuffer) {
        switch kind {
        case .multipart(var form):
            kind = .raw(.placeholder)
            form.reader.append(chunk)
            kind = .multipart(form)
        case .json(var form):
            kind = .raw(.placeholder)
            form.append(chunk)
            kind = .json(form)
        case .raw(var form):
            kind = .raw(.placeholder)
            form.append(chunk)
            kind = .raw(form)
        }
    }

    /// Says that the body has ended; `next` then throws if it ended too early.
    public mutating func finish() {
        switch kind {
        case .multipart(var form):
            form.reader.finish()
            kind = .multipart(form)
        case .json(var form):
            form.finish()
            kind = .json(form)
        case .raw(var form):
            form.finish()
            kind = .raw(form)
        }
    }

    /// The next event; nil when more bytes are needed, and after `end`.
    ///
    /// - Throws: `FormError`. The reader is of no use afterwards.
    public mutating func next() throws(FormError) -> FormEvent? {
        // Each reader is taken out of the enum while it works: a second owner would make its buffers copy on write.
        switch kind {
        case .multipart(var form):
            kind = .raw(.placeholder)
            defer { kind = .multipart(form) }
            return try form.next()
        case .json(var form):
            kind = .raw(.placeholder)
            defer { kind = .json(form) }
            return try form.next()
        case .raw(var form):
            kind = .raw(.placeholder)
            defer { kind = .raw(form) }
            return form.next()
        }
    }
}

extension RawFormReader {
    /// Stands in for a reader at work.
    fileprivate static let placeholder = RawFormReader(file: FormFile(fieldName: "file"))
}
