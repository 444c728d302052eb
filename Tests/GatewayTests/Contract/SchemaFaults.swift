import JSON

/// What of a unified record is not as its schema says: types, times in the wire's one form, members that nobody declared.
struct SchemaFaults {
    private(set) var faults: [String] = []

    init(_ record: JSONValue, _ schema: JSONValue) {
        check(record, schema, "")
        for name in schema["required"]?.array ?? [] {
            guard let name = name.string else { continue }
            if record[name]?.string?.isEmpty != false { faults.append("\(name) is missing") }
        }
    }

    private mutating func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) {
        // The normalized form has every field, with null where there is none.
        if value.isNull { return }
        let type = schema["type"]?.string
        switch (type, value) {
        case ("string", .string(let text)):
            if schema["format"]?.string == "date-time", !Self.isTime(text) { faults.append("\(place) is no time: \(text)") }
        case ("boolean", .bool), ("number", .number): break
        case ("integer", .number(let number)):
            if Int(number.text) == nil { faults.append("\(place) is no whole number: \(number.text)") }
        case ("array", .array(let items)):
            guard let inner = schema["items"] else { return }
            for item in items { check(item, inner, place + "[]") }
        case ("object", .object(let members)):
            guard let properties = schema["properties"]?.object else { return }
            for (name, member) in members.elements {
                if let inner = properties[name] {
                    check(member, inner, place.isEmpty ? name : place + "." + name)
                } else if schema["additionalProperties"] != true {
                    faults.append("\(place.isEmpty ? name : place + "." + name) is not in the schema")
                }
            }
        case (nil, _): break
        default: faults.append("\(place) is not of type \(type ?? ""): \(value.text().prefix(80))")
        }
    }

    /// `2024-05-01T10:00:00.000Z`.
    private static func isTime(_ text: String) -> Bool {
        let form = Array("0000-00-00T00:00:00.000Z".utf8)
        let given = Array(text.utf8)
        return given.count == form.count
            && zip(given, form).allSatisfy { byte, expected in
                expected == UInt8(ascii: "0") ? (48...57).contains(byte) : byte == expected
            }
    }
}
