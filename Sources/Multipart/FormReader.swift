package import NIOCore

/// Reads the body of an upload as it arrives, whichever way the file comes: as a part of a form, as base64 or a `data:`
/// URI in JSON or in a URL-encoded form, or as the body itself.
///
/// ```
/// reader.append(chunk)
/// while let event = try reader.next() { … }   // nil: append more, or finish
/// ```
package struct FormReader: Sendable {
    private enum Kind {
        /// By `form`.
        case multipart
        case json(JSONFormReader)
        case fields(URLEncodedFormReader)
        case raw(RawFormReader)
        /// The content type leaves open what the body is; its beginning tells.
        case open(OpenBody)
    }

    private var kind: Kind
    /// Not in `kind`, as most bodies are read by it: here it works where it lies.
    private var form: MultipartFormReader?
    private let bodyLength: Int?
    private let limits: FormLimits
    private let fileList: String?

    /// Whether the body is read as JSON.
    package var isJSON: Bool { if case .json = kind { true } else { false } }

    /// Whether the file comes as base64 or the like, and the body may be longer than it; true also while that is open.
    package var isEncoded: Bool {
        switch kind {
        case .json, .fields, .open: true
        case .multipart, .raw: false
        }
    }

    /// A reader for a request by its header fields.
    ///
    /// `multipart/*` is a form, and JSON types are JSON. `text/plain`, as which browsers send JSON to spare a preflight,
    /// and `application/x-www-form-urlencoded`, as which curl and many libraries send whatever they are given, are the
    /// file where it has a name; else an object is JSON, and the latter's fields are a form. Anything else, or nothing, is
    /// the file itself, named by its `Content-Disposition`.
    ///
    /// - Parameters:
    ///   - fileName: the file's name where the request gives one outside the body and the header fields.
    ///   - bodyLength: the request's `Content-Length`, to bound the file's length before it has come.
    ///   - fileList: the array member of a JSON body whose objects may hold files.
    /// - Throws: `FormError.Code.invalidBoundary`.
    package init(
        contentType: String?, contentDisposition: String? = nil, fileName: String? = nil, bodyLength: Int? = nil,
        limits: FormLimits = .standard, fileList: String? = nil
    ) throws(FormError) {
        let type = contentType.flatMap(MediaType.init)
        // A form whose parameters cannot be read must not pass for a file.
        if type == nil, contentType?.lowercased().hasPrefix("multipart/") == true {
            throw FormError(.invalidBoundary, "the parameters of the multipart content type are malformed")
        }
        let stated = contentDisposition.flatMap(ContentDisposition.init(parsing:))?.filename
        let isNamed = [fileName, stated].contains { $0?.isEmpty == false }
        let essence = type?.essence ?? ""
        let kind: Kind
        var form: MultipartFormReader?
        if let type, essence.hasPrefix("multipart/") {
            kind = .multipart
            form = try MultipartFormReader(
                boundary: try type.boundary(), isForm: essence == "multipart/form-data", bodyLength: bodyLength, limits: limits)
        } else if type?.isJSON == true {
            kind = .json(JSONFormReader(bodyLength: bodyLength, limits: limits, fileList: fileList))
        } else if OpenBody.types.contains(essence), !isNamed {
            kind = .open(OpenBody(isFields: essence != "text/plain"))
        } else {
            // The label of a form says nothing of the file.
            let own = essence == OpenBody.urlEncoded ? nil : contentType
            kind = .raw(
                RawFormReader(
                    file: FormFile(fieldName: "file", filename: stated, contentType: own, length: bodyLength)
                )
            )
        }
        self.kind = kind
        self.form = form
        self.bodyLength = bodyLength
        self.limits = limits
        self.fileList = fileList
    }

    /// Takes the next bytes of the body. Call `next` until it is nil before appending again, and file bytes are neither
    /// held nor, but for decoding, copied.
    package mutating func append(_ chunk: ByteBuffer) {
        switch kind {
        case .multipart: form?.reader.append(chunk)
        case .json(var form):
            kind = .raw(.placeholder)
            form.append(chunk)
            kind = .json(form)
        case .fields(var form):
            kind = .raw(.placeholder)
            form.append(chunk)
            kind = .fields(form)
        case .raw(var form):
            kind = .raw(.placeholder)
            form.append(chunk)
            kind = .raw(form)
        case .open(var body):
            kind = .raw(.placeholder)
            body.append(chunk)
            kind = .open(body)
        }
    }

    /// Says that the body has ended; `next` then throws if it ended too early.
    package mutating func finish() {
        switch kind {
        case .multipart: form?.reader.finish()
        case .json(var form):
            form.finish()
            kind = .json(form)
        case .fields(var form):
            form.finish()
            kind = .fields(form)
        case .raw(var form):
            form.finish()
            kind = .raw(form)
        case .open(var body):
            body.finish()
            kind = .open(body)
        }
    }

    /// The next event; nil when more bytes are needed, and after `end`.
    ///
    /// - Throws: `FormError`. The reader is of no use afterwards.
    package mutating func next() throws(FormError) -> FormEvent? {
        // Each other reader is taken out of the enum while it works: a second owner would make its buffers copy on write.
        switch kind {
        case .multipart: return try form?.next()
        case .json(var form):
            kind = .raw(.placeholder)
            defer { kind = .json(form) }
            return try form.next()
        case .fields(var form):
            kind = .raw(.placeholder)
            defer { kind = .fields(form) }
            return try form.next()
        case .raw(var form):
            kind = .raw(.placeholder)
            defer { kind = .raw(form) }
            return form.next()
        case .open(let body):
            guard let verdict = try body.verdict() else { return nil }
            kind = .raw(.placeholder)
            begin(verdict, body)
            return try next()
        }
    }

    private mutating func begin(_ verdict: OpenBody.TokenResult, _ body: OpenBody) {
        switch verdict {
        case .json: kind = .json(JSONFormReader(bodyLength: bodyLength, limits: limits, fileList: fileList))
        case .fields: kind = .fields(URLEncodedFormReader(bodyLength: bodyLength, limits: limits))
        }
        append(body.bytes)
        if body.isFinished { finish() }
    }
}

extension RawFormReader {
    /// Stands in for a reader at work.
    fileprivate static let placeholder = RawFormReader(file: FormFile(fieldName: "file"))
}
