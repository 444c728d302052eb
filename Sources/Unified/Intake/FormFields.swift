import JSON
import Multipart

/// The unified body that a form's fields make, apart from the file.
struct FormFields {
    /// Nested by the rules of the query: `candidate[id]=1` is `{"candidate": {"id": "1"}}`.
    var body: JSONObject = [:]
    /// Merged into the outgoing body after the mapping.
    var remoteData: JSONObject?

    /// - Throws: `invalid_remote_data` where `remote_data` is no object, `invalid_body` for names that cannot nest.
    init(_ fields: [(name: String, value: FormValue)]) throws(APIError) {
        do {
            body = try NestedFields.tree(fields.map { ($0.name, $0.value.json) })
        } catch {
            throw APIError(.invalidBody, "The form's field names cannot be read: \(error)")
        }
        if let value = body["remote_data"] {
            remoteData = try Self.remoteData(value)
            body["remote_data"] = nil
        }
    }

    /// An object, or JSON text of one, as forms send it.
    static func remoteData(_ value: JSONValue) throws(APIError) -> JSONObject? {
        switch value {
        case .object(let object): return object
        case .null: return nil
        case .string(let text):
            if let object = (try? JSONValue.parse(text))?.object { return object }
        default: break
        }
        throw APIError(.invalidRemoteData, "remote_data must be a JSON object", param: "remote_data")
    }
}
