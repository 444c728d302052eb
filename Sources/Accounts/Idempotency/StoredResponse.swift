import JSON

/// A response as it was given, kept encrypted to be given again.
package struct StoredResponse: Sendable {
    /// Bytes of a body that are kept; of a larger one only that it was given.
    package static let largestBody = 4 << 20

    package var status: Int
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    /// nil where it was too large to keep.
    package var body: [UInt8]?

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]?) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    var json: JSONObject {
        var json: JSONObject = [
            "status": .number(JSONNumber(status)),
            "headers": .array(headers.map { [.string($0.name), .string($0.value)] }),
        ]
        json["body"] = body.map { .string(Base64URL.text($0)) }
        return json
    }

    init?(json: JSONObject) {
        guard let status = json["status"]?.int, let fields = json["headers"]?.array else { return nil }
        self.status = status
        headers = fields.compactMap { field in
            guard let name = field.array?.first?.string, let value = field.array?.last?.string else { return nil }
            return (name, value)
        }
        if let text = json["body"]?.string {
            guard let bytes = Base64URL.bytes(text) else { return nil }
            body = bytes
        }
    }
}
