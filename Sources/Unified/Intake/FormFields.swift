import Encodings
import JSON
import Multipart

/// The unified body that a form's fields make, apart from the file.
struct FormFields {
    /// Nested by the rules of the query: `candidate[id]=1` is `{"candidate": {"id": "1"}}`.
    var body: JSONObject = [:]
    /// Merged into the outgoing body after the mapping.
    var remoteData: JSONObject?

    /// - Parameters:
    ///   - isJSON: whether the fields are members of a JSON body, where an object needs no text around it.
    ///   - keepsNull: whether null is a value, as where a record is updated; otherwise it is as good as absent.
    /// - Throws: `invalid_remote_data` where `remote_data` is no object, `invalid_multipart` or `invalid_json` for names
    ///   that cannot nest.
    init(_ fields: [(name: String, value: FormValue)], isJSON: Bool, keepsNull: Bool = false) throws(APIError) {
        do {
            body = try NestedFields.tree(fields.map { ($0.name, $0.value.json) })
        } catch {
            let code: FormError.Code =
                switch error.code {
                case .tooMany: .tooMany
                case .tooDeep: .tooDeep
                }
            throw APIError(
                FormError(code, "the names of the body's fields cannot be read: \(error)", part: error.name), isJSON: isJSON)
        }
        if let value = body["remote_data"] {
            remoteData = try Self.remoteData(value, isJSON: isJSON)
            body["remote_data"] = nil
        }
        if !keepsNull { body = Self.withoutNulls(body) }
        // What an interface sends of inputs that nobody filled in.
        for name in ["file_url", "file_name", "content_type"] where body[name] == "" { body[name] = nil }
    }

    /// An object, or in a form JSON text of one.
    static func remoteData(_ value: JSONValue, isJSON: Bool) throws(APIError) -> JSONObject? {
        switch value {
        case .object(let object): return object
        case .null: return nil
        case .string(let text) where !isJSON:
            if let object = (try? JSONValue.parse(text))?.object { return object }
        default: break
        }
        throw APIError(
            .invalidRemoteData, "remote_data must be a JSON object", param: "remote_data",
            hint: isJSON ? "Send an object, not a text of one" : "Send JSON text of an object, or fields remote_data[name]")
    }

    /// An object of nulls alone is as good as null; one that is empty from the start says something else.
    private static func withoutNulls(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.elements.compactMap { member in
                switch member.value {
                case .null: return nil
                case .object(let inner):
                    let rest = withoutNulls(inner)
                    return rest.isEmpty && !inner.isEmpty ? nil : (member.key, .object(rest))
                default: return (member.key, member.value)
                }
            })
    }
}
