import Encodings
package import HTTPTypes
import JSON

/// A response as it was given, kept encrypted to be given again.
package struct StoredResponse: Sendable {
    /// Bytes of a body that are kept; of a larger one only that it was given.
    package static let largestBody = 4 << 20

    package var status: Int
    package var headers: HTTPFields
    /// nil where it was too large to keep.
    package var body: [UInt8]?

    package init(status: Int, headers: HTTPFields, body: [UInt8]?) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    var json: JSONObject {
        var json: JSONObject = [
            "status": .number(JSONNumber(status)),
            "headers": .array(headers.map { [.string($0.name.canonicalName), .string($0.value)] }),
        ]
        json["body"] = body.map { .string(Base64URL.text($0)) }
        return json
    }

    init?(json: JSONObject) {
        guard let status = json["status"]?.int, let fields = json["headers"]?.array else { return nil }
        self.status = status
        headers = HTTPFields(
            fields.compactMap { field in
                guard let name = field.array?.first?.string, let value = field.array?.last?.string else { return nil }
                return HTTPField.Name(name).map { HTTPField(name: $0, value: value) }
            })
        if let text = json["body"]?.string {
            guard let bytes = Base64URL.bytes(text) else { return nil }
            body = bytes
        }
    }
}
