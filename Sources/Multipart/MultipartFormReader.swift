import JSON
import NIOCore

/// A multipart body as form events: small parts are gathered to fields, files pass through.
///
/// A part's states: opening → file | held; held → file | encoded. An input that was left empty opens and ends.
struct MultipartFormReader: Sendable {
    private enum Part {
        case none
        /// A file of which no byte has come. `isBare`: it has neither a file name nor a type of its own.
        case opening(FormFile, isBare: Bool)
        /// The beginning of a bare part, while it may be no file but what stands in a file's place.
        case held(FormFile, ByteBuffer)
        case file
        /// A `data:` URI.
        case encoded(EncodedFile)
        case nested(NestedParts)
        case field(name: String, isJSON: Bool, value: ByteBuffer)
    }

    private let limits: FormLimits
    private let bodyLength: Int?
    /// Whether the body's type is `multipart/form-data`, whose parts must have names.
    private let isForm: Bool
    var reader: MultipartReader
    private var part = Part.none
    private var ready: [FormEvent] = []
    private var fieldBytes = 0

    init(boundary: String, isForm: Bool = true, bodyLength: Int?, limits: FormLimits) throws(FormError) {
        reader = try MultipartReader(boundary: boundary, limits: limits)
        self.isForm = isForm
        self.bodyLength = bodyLength
        self.limits = limits
    }

    mutating func next() throws(FormError) -> FormEvent? {
        while ready.isEmpty {
            guard let event = try nextEvent() else { return nil }
            switch event {
            case .part(let headers): part = try opened(headers)
            case .data(let data): try take(data)
            case .partEnd: try close()
            case .end: return .end
            }
        }
        return ready.removeFirst()
    }

    private mutating func nextEvent() throws(FormError) -> MultipartEvent? {
        do throws(FormError) {
            return try reader.next()
        } catch  where error.code == .unnamedPart && !isForm {
            throw FormError(.notAForm, "the body is multipart, but no multipart/form-data: a part has no name")
        }
    }

    private mutating func opened(_ headers: PartHeaders) throws(FormError) -> Part {
        let type = headers.contentType.flatMap(MediaType.init)
        if type?.essence == "multipart/mixed", let boundary = try type?.boundary() {
            return .nested(try NestedParts(field: headers.name, boundary: boundary, limits: limits))
        }
        guard Self.isFile(headers, type) else {
            try count(headers.name.utf8.count, in: headers.name)
            return .field(name: headers.name, isJSON: type?.isJSON ?? false, value: ByteBuffer())
        }
        let maxLength = bodyLength.map { max(0, $0 - reader.consumedBytes - reader.closingLength) }
        return .opening(
            FormFile(
                fieldName: headers.name, filename: headers.filename, contentType: headers.contentType,
                maxLength: maxLength
            ),
            isBare: headers.filename == nil && (type == nil || type?.essence == "text/plain")
        )
    }

    private mutating func take(_ data: ByteBuffer) throws(FormError) {
        switch part {
        case .opening(let file, let isBare):
            if isBare { return try hold(file, data) }
            ready = [.fileStart(file), .fileData(data)]
            part = .file
        case .held(let file, var bytes):
            part = .none  // so that `bytes` is unique and grows in place
            bytes.writeImmutableBuffer(data)
            try hold(file, bytes)
        case .encoded(var encoded):
            part = .none
            ready = try encoded.append(data)
            part = .encoded(encoded)
        case .nested(var nested):
            part = .none
            ready = try nested.append(data)
            part = .nested(nested)
        case .field(let name, let isJSON, var value):
            try count(data.readableBytes, in: name)
            part = .none
            if value.readableBytes == 0 { value = data } else { value.writeImmutableBuffer(data) }
            part = .field(name: name, isJSON: isJSON, value: value)
        case .file, .none: ready = [.fileData(data)]
        }
    }

    /// Holds a bare part until it is clear what it is: what stands in a file's place is short.
    private mutating func hold(_ file: FormFile, _ bytes: ByteBuffer) throws(FormError) {
        let scheme = "data:".utf8
        let beginning = bytes.readableBytesView.prefix(scheme.count).lowercasedToken
        if beginning == "data:" {
            var encoded = EncodedFile(fieldName: file.fieldName, maxLength: file.maxLength)
            ready = try encoded.append(bytes)
            part = .encoded(encoded)
        } else if bytes.readableBytes > FileStandIn.longest {
            ready = [.fileStart(file), .fileData(bytes)]
            part = .file
        } else {
            part = .held(file, bytes)
        }
    }

    private mutating func close() throws(FormError) {
        defer { part = .none }
        switch part {
        case .opening(let file, _):
            // A named file of no bytes is one. Without a name it is an input that nobody filled in.
            if file.filename != nil { ready = [.fileStart(file), .fileEnd] }
        case .held(let file, let bytes):
            if let fault = FileStandIn.fault(bytes.readableBytesView) { throw fault }
            ready = [.fileStart(file), .fileData(bytes), .fileEnd]
        case .encoded(var encoded): ready = try encoded.finish()
        case .nested(var nested): ready = try nested.finish()
        case .field(let name, let isJSON, let value):
            ready = [.field(name: name, value: try Self.value(of: name, value, isJSON: isJSON, limits: limits))]
        case .file, .none: ready = [.fileEnd]
        }
    }

    /// The part `file` is one, with a file name or without; so is any other with a file name. Except for JSON under
    /// the name `blob`: that is how a browser sends `new Blob([json], {type: "application/json"})` as a field.
    private static func isFile(_ headers: PartHeaders, _ type: MediaType?) -> Bool {
        if FileFieldName.isFile(headers.name) { return true }
        guard let filename = headers.filename else { return false }
        return filename != "blob" || type?.isJSON != true
    }

    /// A part that says it is JSON is read as JSON.
    private static func value(
        of name: String, _ bytes: ByteBuffer, isJSON: Bool, limits: FormLimits
    ) throws(FormError) -> FormValue {
        guard isJSON else { return .text(bytes) }
        do throws(JSONError) {
            return .json(try JSONValue.parse(bytes.readableBytesView, maxDepth: limits.maxDepth))
        } catch {
            throw FormError(
                .notJSON, "part \"\(name)\" is not the JSON that its content type says: \(error)", part: name
            )
        }
    }

    private mutating func count(_ bytes: Int, in name: String) throws(FormError) {
        fieldBytes += bytes
        guard fieldBytes <= limits.maxFieldBytes else {
            throw FormError(
                .tooLarge,
                "the fields are longer than \(limits.maxFieldBytes) bytes together; the last was \"\(name)\"",
                part: name
            )
        }
    }
}
