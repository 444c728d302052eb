import Catalog
import JSON

/// Checks a body against the parameters of its method, before anything is sent: what is meant must be understood, or
/// refused. A file whose candidate was misspelt would be stored where nobody finds it.
struct BodyMembers: Sendable {
    private let names: ParameterNames

    init(_ plan: MethodPlan) { names = plan.parameterNames }

    /// - Throws: `unknown_body_field`, `invalid_body`.
    func check(body: JSONObject) throws(APIError) {
        for (name, value) in body where name != "file" {
            if let schema = names.schema(of: name) {
                try Self.checkNames(name, value, schema)
                if let fault = MemberFault(name, value, schema) {
                    throw APIError(.invalidBody, fault.message, param: fault.name, hint: fault.hint)
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
                guard let fault = MemberFault(name, value, schema) else { continue }
                throw APIError(.invalidQueryParameter, fault.message, param: fault.name, hint: fault.hint)
            }
            guard let meant = names.meant(by: name) else { continue }
            throw APIError(
                .invalidQueryParameter, "There is no parameter \(name)", param: name, hint: "Did you mean \(meant)?")
        }
    }

    private static func checkNames(_ place: String, _ value: JSONValue, _ schema: JSONValue) throws(APIError) {
        if let items = schema["items"], let values = value.array {
            for (at, item) in values.enumerated() { try checkNames("\(place)[\(at)]", item, items) }
        }
        guard let properties = schema["properties"]?.object, let members = value.object else { return }
        for (key, member) in members {
            let name = "\(place)[\(key)]"
            if let inner = properties[key] {
                try checkNames(name, member, inner)
            } else if let meant = properties.elements.map(\.key).first(where: { isWritten(key, almostAs: $0) }) {
                throw unknown(name, "\(place)[\(meant)]")
            }
        }
    }

    private static func isWritten(_ name: String, almostAs other: String) -> Bool {
        ParameterNames.folded(name) == ParameterNames.folded(other)
    }

    private static func unknown(_ name: String, _ meant: String) -> APIError {
        APIError(.unknownBodyField, "There is no field \(name)", param: name, hint: "Did you mean \(meant)?")
    }
}
