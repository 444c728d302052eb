public import JSON

/// Brings mapped records into the form of their schema.
public enum SchemaCoercion {
    /// Numbers and booleans become texts where the schema says `string`, and moments take the form of the wire where it
    /// says `date-time`; everything else stays as the mapping made it.
    public static func coerce(_ record: JSONObject, schema: JSONValue) -> JSONObject {
        var out = record
        for (key, value) in record {
            if let field = schema[path: ["properties", key]], key != "remote_data" { out[key] = coerce(value, field) }
        }
        return out
    }

    private static func coerce(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
        switch value {
        case .number(let number) where schema["type"]?.string == "string": return .string(number.text)
        case .bool(let bool) where schema["type"]?.string == "string": return .string(String(bool))
        case .string(let text) where schema["format"]?.string == "date-time":
            return WireTimestamp.normalized(text).map(JSONValue.string) ?? value
        case .object(let object): return .object(coerce(object, schema: schema))
        case .array(let items):
            guard let element = schema["items"] else { return value }
            return .array(items.map { coerce($0, element) })
        default: return value
        }
    }
}
