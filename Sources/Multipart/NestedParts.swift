import NIOCore

/// A part that is itself `multipart/mixed`: several files of one field (RFC 7578 §4.3, appendix A), as
/// `curl -F file=@a,b` sends them.
struct NestedParts: Sendable {
    private let field: String
    private var reader: MultipartReader
    /// Of the inner part that is open, while no byte of it has come.
    private var opening: FormFile?

    init(field: String, boundary: String, limits: FormLimits) throws(FormError) {
        self.field = field
        reader = try MultipartReader(boundary: boundary, limits: limits, allowsUnnamed: true)
    }

    mutating func append(_ data: ByteBuffer) throws(FormError) -> [FormEvent] {
        reader.append(data)
        return try events()
    }

    mutating func finish() throws(FormError) -> [FormEvent] {
        reader.finish()
        return try events()
    }

    private mutating func events() throws(FormError) -> [FormEvent] {
        var events: [FormEvent] = []
        while let event = try reader.next() {
            switch event {
            case .part(let head):
                opening = FormFile(fieldName: field, filename: head.filename, contentType: head.contentType)
            case .data(let data):
                if let file = opening { events.append(.fileStart(file)) }
                opening = nil
                events.append(.fileData(data))
            case .partEnd:
                guard let file = opening else {
                    events.append(.fileEnd)
                    continue
                }
                opening = nil
                if file.filename != nil { events += [.fileStart(file), .fileEnd] }
            case .end: break
            }
        }
        return events
    }
}
