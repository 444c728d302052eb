package import JSON

/// The opaque value that stands for a file inside mappings: its bytes never enter an expression.
///
/// As JSON: `{"$file": token, "name", "content_type", "size"}`, plus `"as"` where a function asked for another form.
package struct FileHandle: Sendable, Hashable {
    /// What takes the handle's place in the outgoing body.
    package enum Form: String, Sendable, Hashable, CaseIterable {
        /// The bytes themselves: a part of a multipart body, or a raw body.
        case bytes
        /// A base64 string (RFC 4648 §4, padded).
        case base64
        /// A `data:` URI (RFC 2397).
        case dataURI = "data_uri"
        /// An https address from which the provider fetches the file.
        case url
    }

    /// Random per call: a handle typed in by a caller names no file.
    package var token: String
    package var name: String?
    package var contentType: String?
    /// Bytes, where known.
    package var size: Int?
    package var form: Form

    package init(token: String, name: String?, contentType: String?, size: Int?, form: Form = .bytes) {
        self.token = token
        self.name = name
        self.contentType = contentType
        self.size = size
        self.form = form
    }

    /// A token that no caller can guess.
    package static func makeToken() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    /// Reads a handle; nil for any value that is none.
    package init?(_ value: JSONValue) {
        guard let object = value.object, let token = object["$file"]?.string else { return nil }
        self.init(
            token: token, name: object["name"]?.string, contentType: object["content_type"]?.string,
            size: object["size"]?.int, form: object["as"]?.string.flatMap(Form.init) ?? .bytes
        )
    }

    package var json: JSONValue {
        var object = JSONObject(distinct: [
            ("$file", .string(token)), ("name", name.map { .string($0) } ?? .null),
            ("content_type", contentType.map { .string($0) } ?? .null),
            ("size", size.map { .number(JSONNumber($0)) } ?? .null),
        ])
        if form != .bytes { object["as"] = .string(form.rawValue) }
        return .object(object)
    }
}

/// Bytes that a mapping made itself: `{"$blob": {"base64": text, "content_type": type}}`.
package struct InlineBlob: Sendable, Hashable {
    package var base64: String
    package var contentType: String?

    /// Reads a blob; nil for any value that is none.
    package init?(_ value: JSONValue) {
        guard let blob = value["$blob"]?.object, let base64 = blob["base64"]?.string else { return nil }
        self.base64 = base64
        contentType = blob["content_type"]?.string
    }
}
