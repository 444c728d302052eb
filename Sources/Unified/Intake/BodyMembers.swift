import Catalog
import JSON

/// Checks what a caller says of a file against the parameters of the method: what is meant must be understood, or
/// refused. A file whose candidate was misspelt would be stored where nobody finds it.
struct BodyMembers: Sendable {
    private let names: ParameterNames

    init(_ plan: MethodPlan) { names = plan.parameterNames }

    /// - Throws: `unknown_body_field`, `invalid_body`.
    func check(body: JSONObject) throws(APIError) {
        for (name, value) in body where name != "file" {
            if let schema = names.schema(of: name) {
                try checkInside(name, value, schema)
                if let fault = Self.fault(name, value, schema) {
                    throw APIError(.invalidBody, fault.message, param: name, hint: fault.hint)
                }
            } else {
                try check(lateField: name)
            }
        }
    }

    /// Whether a field that is not known was meant to be one that is.
    ///
    /// - Throws: `unknown_body_field`.
    func check(lateField field: String) throws(APIError) {
        let name = String(field.prefix { $0 != "[" })
        guard let meant = names.meant(by: name) else { return }
        throw Self.unknown(name, meant)
    }

    /// - Throws: `invalid_query_parameter`.
    func check(query: JSONObject) throws(APIError) {
        for (name, value) in query {
            if let schema = names.schema(of: name) {
                guard let fault = Self.fault(name, value, schema) else { continue }
                throw APIError(.invalidQueryParameter, fault.message, param: name, hint: fault.hint)
            }
            guard let meant = names.meant(by: name) else { continue }
            throw APIError(
                .invalidQueryParameter, "There is no parameter \(name)", param: name, hint: "Did you mean \(meant)?")
        }
    }

    private func checkInside(_ name: String, _ value: JSONValue, _ schema: JSONValue) throws(APIError) {
        guard let properties = schema["properties"]?.object, let members = value.object else { return }
        for key in members.elements.map(\.key) where properties[key] == nil {
            let all = properties.elements.map(\.key)
            guard let meant = all.first(where: { ParameterNames.folded($0) == ParameterNames.folded(key) }) else { continue }
            throw Self.unknown("\(name)[\(key)]", "\(name)[\(meant)]")
        }
    }

    private static func unknown(_ name: String, _ meant: String) -> APIError {
        APIError(.unknownBodyField, "There is no field \(name)", param: name, hint: "Did you mean \(meant)?")
    }

    /// Why a value cannot be what its schema says; nil where it can. Only what would be lost or misread is refused.
    private static func fault(_ name: String, _ value: JSONValue, _ schema: JSONValue) -> (message: String, hint: String)? {
        switch schema["type"]?.string {
        case "string":
            guard isScalar(value) else { return ("\(name) must be a single text", "Send \(name) once, as text") }
            if name.hasSuffix("_id") || name.hasSuffix(".id"), isEmpty(value) {
                return ("\(name) is empty", "Send an id, or leave \(name) out")
            }
        case "object":
            let idSchema = schema["properties"]?["id"]
            guard let members = value.object else {
                let hint = "Send \(name)_id, or \(name) as an object with an id: \(name)[id] in a form"
                return ("\(name) must be an object", idSchema == nil ? "Send an object" : hint)
            }
            guard idSchema != nil else { return nil }
            guard let id = members["id"] else {
                // One that may be whole, as the candidate of an application, is no reference alone.
                if schema["additionalProperties"] == true { return nil }
                return ("\(name) has no id", "Send \(name)_id, or \(name) with an id, or leave \(name) out")
            }
            guard isScalar(id), !isEmpty(id) else { return ("\(name)[id] is no id", "Send an id, or leave \(name) out") }
        default: break
        }
        return nil
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .string, .number: true
        default: false
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool { value.string?.allSatisfy(\.isWhitespace) ?? false }
}
