import JSON

/// A schema as a list of its members.
struct SchemaSummary: Sendable {
    let document: JSONValue

    func write(_ schema: JSONValue, to page: inout HTML, depth: Int = 0) {
        for part in schema["allOf"]?.array ?? [] { write(resolved(part), to: &page, depth: depth) }
        guard let properties = schema["properties"]?.object, !properties.isEmpty else { return }
        let required = schema["required"]?.array ?? []
        page.add("dl") { page in
            for (name, given) in properties {
                let member = resolved(given)
                let isRequired = required.contains(.string(name))
                page.add("dt") { page in
                    page.add("code", name)
                    page.add("span", [("class", "note")], Self.type(member) + (isRequired ? ", required" : ""))
                }
                page.add("dd") { page in
                    page.add(text: member["description"]?.string ?? "")
                    // Records hold records: what is nested deeper is shown in the document itself.
                    guard depth < 2 else { return }
                    write(resolved(member["items"] ?? member), to: &page, depth: depth + 1)
                }
            }
        }
    }

    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string, reference.hasPrefix("#/") else { return value }
        return document[path: reference.dropFirst(2).split(separator: "/").map(String.init)] ?? value
    }

    /// A type in words: `string (uuid)`, `resume | other`, `array of string`.
    static func type(_ schema: JSONValue) -> String {
        if let values = schema["enum"]?.array { return values.compactMap(\.string).joined(separator: " | ") }
        let type: String
        switch schema["type"] {
        case .string(let name): type = name
        case .array(let names): type = names.compactMap(\.string).joined(separator: " or ")
        default: return schema["const"].map { $0.text() } ?? "any"
        }
        if type == "array", let items = schema["items"], items["type"] != nil { return "array of \(Self.type(items))" }
        return schema["format"]?.string.map { "\(type) (\($0))" } ?? type
    }
}
