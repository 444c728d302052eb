package import JSON
package import NIOCore

/// What a `FormReader` finds, whatever the body's type: fields and files in the order of the body, then `end`.
///
/// A file is `fileStart`, any number of `fileData`, `fileEnd`.
package enum FormEvent: Sendable, Hashable {
    case field(name: String, value: FormValue)
    case fileStart(FormFile)
    /// Some of the file's bytes, decoded. Never empty.
    case fileData(ByteBuffer)
    case fileEnd
    case end
}

/// A field's value: text from a multipart form, a JSON value from a JSON body.
package enum FormValue: Sendable, Hashable {
    /// The bytes of a part, as they were sent.
    case text(ByteBuffer)
    case json(JSONValue)

    /// The value as text where it is one; bytes that are not UTF-8 are read as ISO 8859-1.
    package var string: String? {
        switch self {
        case .text(let bytes): bytes.readableBytesView.headerText
        case .json(let value): value.string
        }
    }

    /// The value as JSON; text becomes a string and is not parsed.
    package var json: JSONValue {
        switch self {
        case .text(let bytes): .string(bytes.readableBytesView.headerText)
        case .json(let value): value
        }
    }
}

/// What is known of a file before its first byte.
package struct FormFile: Sendable, Hashable {
    /// The part or member it came in: whether a file may come in that one is the caller's to judge. A raw body is
    /// `file`.
    package var fieldName: String
    /// Made safe by `FileName.sanitized`; nil where none was sent, or an empty one.
    package var filename: String?
    /// As it was sent; nil where there was none.
    package var contentType: String?
    /// The file's bytes, where they are known: a raw body with a `Content-Length`.
    package var length: Int?
    /// The file cannot have more bytes than these; nil where nothing is known.
    package var maxLength: Int?

    package init(
        fieldName: String, filename: String? = nil, contentType: String? = nil, length: Int? = nil,
        maxLength: Int? = nil
    ) {
        self.fieldName = fieldName
        self.filename = filename.flatMap { $0.isEmpty ? nil : FileName.sanitized($0) }
        self.contentType = contentType
        self.length = length
        self.maxLength = maxLength ?? length
    }
}

/// Names of the form field that holds the file.
package enum FileFieldName {
    /// `file`, and what libraries make of it where they think of several: `file[]`, `file[0]`, `files[]`, `files[0]`.
    package static func isFile(_ name: String) -> Bool {
        if name == "file" { return true }
        guard name.utf8.last == UInt8(ascii: "]") else { return false }
        let stem = name.hasPrefix("files[") ? name.dropFirst(6) : name.hasPrefix("file[") ? name.dropFirst(5) : nil
        guard let index = stem?.dropLast() else { return false }
        return index.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
