import JSON

/// Examples made from schemas: the same value for the same name every time.
enum ExampleValue {
    static func of(_ name: String, _ schema: JSONValue) -> JSONValue {
        if let first = schema["enum"]?.array?.first { return first }
        if let known = byName[name], schema["type"] == "string" { return known }
        switch schema["type"]?.string {
        case "object":
            var object: JSONObject = [:]
            for (key, inner) in schema["properties"]?.object ?? [:] { object[key] = of(key, inner) }
            return .object(object)
        case "array": return schema["items"].map { [of(name, $0)] } ?? []
        case "boolean": return false
        case "integer", "number": return 1
        default: return schema["format"] == "date-time" ? "2026-01-31T09:30:00.000Z" : "string"
        }
    }

    private static let byName: [String: JSONValue] = [
        "id": "7f23e772-f2cb-4ebb-b33f-54b872999992",
        "file_name": "cv.pdf",
        "file_url": "https://api.example.com/v1/files/7f23e772-f2cb-4ebb-b33f-54b872999992/download",
        "first_name": "Ada", "last_name": "Nym", "name": "Ada Nym", "email": "ada@example.com",
        "number": "+49 30 000000", "url": "https://example.com",
    ]
}
