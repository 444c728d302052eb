import Catalog
import JSON

/// Why a value cannot be what its JSON Schema says (docs/wire.md#request-bodies).
///
/// Only what would be lost or misread is refused. Forms have texts alone, so a text that says a number or a boolean is one;
/// numbers stand for texts, and one value for a list of one, as mappings read them. Enums are open.
struct MemberFault {
    /// With its place: `candidate[emails][0][email]`.
    let name: String
    let message: String
    let hint: String

    private init(_ name: String, _ rule: String, _ hint: String) {
        self.name = name
        message = "\(name) \(rule)"
        self.hint = hint
    }

    /// - Returns: nil where the value can be it.
    init?(_ name: String, _ value: JSONValue, _ schema: JSONValue) {
        // What was left out or left empty says nothing; where it must not be empty another rule says so.
        if value.isNull { return nil }
        let fault: MemberFault? =
            switch schema["type"]?.string {
            case "string": Self.text(name, value, schema)
            case "boolean": Self.isBoolean(value) ? nil : MemberFault(name, "must be true or false", "Send true or false")
            case "number", "integer": Self.isNumber(value) ? nil : MemberFault(name, "must be a number", "Send a number")
            case "array": Self.list(name, value, schema)
            case "object": Self.object(name, value, schema)
            default: nil
            }
        guard let fault else { return nil }
        self = fault
    }

    private static func text(_ name: String, _ value: JSONValue, _ schema: JSONValue) -> MemberFault? {
        let format = schema["format"]?.string
        if format == "binary" { return nil }
        let isID = name.hasSuffix("_id") || name.hasSuffix(".id")
        if isID, isEmpty(value) { return MemberFault(name, "is empty", "Send an id, or leave \(name) out") }
        if format == "date-time" {
            if value == "" || DateTimeParameters.isTime(value) { return nil }
            return MemberFault(name, DateTimeParameters.rule, "Send a time such as 2026-11-28T09:30:00Z")
        }
        if isScalar(value) { return nil }
        if !isID, case .bool = value { return nil }
        return MemberFault(name, "must be a single text", "Send \(name) once, as text")
    }

    private static func list(_ name: String, _ value: JSONValue, _ schema: JSONValue) -> MemberFault? {
        if value == "" { return nil }
        let items = schema["items"] ?? .null
        if let values = value.array {
            for (at, item) in values.enumerated() {
                if let fault = MemberFault("\(name)[\(at)]", item, items) { return fault }
            }
            return nil
        }
        if items["type"] == "object", value.object == nil {
            return MemberFault(name, "must be a list of objects", "Send a list; in a form the parts \(name)[0][…]")
        }
        return MemberFault(name, value, items)
    }

    private static func object(_ name: String, _ value: JSONValue, _ schema: JSONValue) -> MemberFault? {
        let properties = schema["properties"]?.object ?? [:]
        let isReference = properties["id"] != nil
        guard let members = value.object else {
            let hint = "Send \(name)_id, or \(name) as an object with an id: \(name)[id] in a form"
            return MemberFault(name, "must be an object", isReference ? hint : "Send an object")
        }
        if isReference, let fault = reference(name, members, schema, properties) { return fault }
        for (key, member) in members where key != "id" || !isReference {
            guard let inner = properties[key] else { continue }
            if let fault = MemberFault("\(name)[\(key)]", member, inner) { return fault }
        }
        return nil
    }

    private static func reference(
        _ name: String, _ members: JSONObject, _ schema: JSONValue, _ properties: JSONObject
    ) -> MemberFault? {
        guard let id = members["id"], !id.isNull else {
            // One that may be whole, as the candidate of an application, is no reference alone; some go by a name.
            if schema["additionalProperties"] == true || properties.elements.contains(where: { members[$0.key] != nil }) {
                return nil
            }
            return MemberFault(name, "has no id", "Send \(name)_id, or \(name) with an id, or leave \(name) out")
        }
        if isScalar(id), !isEmpty(id) { return nil }
        return MemberFault(name, "has an id that is none", "Send an id, or leave \(name) out")
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .string, .number: true
        default: false
        }
    }

    private static func isBoolean(_ value: JSONValue) -> Bool {
        switch value {
        case .bool: true
        case .string(let text): ["", "true", "false", "1", "0"].contains(text.lowercased())
        case .number(let number): ["1", "0"].contains(number.text)
        default: false
        }
    }

    private static func isNumber(_ value: JSONValue) -> Bool {
        switch value {
        case .number: true
        case .string(let text): text.isEmpty || Double(text) != nil
        default: false
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool { value.string?.allSatisfy(\.isWhitespace) ?? false }
}
