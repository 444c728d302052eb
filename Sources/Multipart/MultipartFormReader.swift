import JSON
import NIOCore

/// A multipart body as form events: small parts are gathered to fields, files pass through.
struct MultipartFormReader: Sendable {
    private enum Part {
        case none
        case file
        case field(name: String, isJSON: Bool, value: ByteBuffer)
    }

    private let limits: FormLimits
    private let bodyLength: Int?
    var reader: MultipartReader
    private var part = Part.none
    private var fieldBytes = 0

    init(boundary: String, bodyLength: Int?, limits: FormLimits) throws(FormError) {
        reader = try MultipartReader(boundary: boundary, limits: limits)
        self.bodyLength = bodyLength
        self.limits = limits
    }

    mutating func next() throws(FormError) -> FormEvent? {
        while let event = try reader.next() {
            switch event {
            case .part(let headers):
                guard Self.isFile(headers) else {
                    let isJSON = headers.contentType.flatMap(MediaType.init)?.isJSON ?? false
                    try count(headers.name.utf8.count, in: headers.name)
                    part = .field(name: headers.name, isJSON: isJSON, value: ByteBuffer())
                    continue
                }
                part = .file
                let maxLength = bodyLength.map { max(0, $0 - reader.consumedBytes - reader.closingLength) }
                return .fileStart(
                    FormFile(
                        fieldName: headers.name, filename: headers.filename, contentType: headers.contentType,
                        maxLength: maxLength
                    )
                )
            case .data(let data):
                guard case .field(let name, let isJSON, var value) = part else { return .fileData(data) }
                try count(data.readableBytes, in: name)
                part = .none  // so that `value` is unique and grows in place
                if value.readableBytes == 0 { value = data } else { value.writeImmutableBuffer(data) }
                part = .field(name: name, isJSON: isJSON, value: value)
            case .partEnd:
                defer { part = .none }
                guard case .field(let name, let isJSON, let value) = part else { return .fileEnd }
                return .field(name: name, value: try Self.value(of: name, value, isJSON: isJSON, limits: limits))
            case .end: return .end
            }
        }
        return nil
    }

    /// The part `file` is one, with a file name or without; so is any other with a file name. Except for JSON under
    /// the name `blob`: that is how a browser sends `new Blob([json], {type: "application/json"})` as a field.
    private static func isFile(_ headers: PartHeaders) -> Bool {
        if headers.name == "file" { return true }
        guard let filename = headers.filename else { return false }
        return filename != "blob" || headers.contentType.flatMap(MediaType.init)?.isJSON != true
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
