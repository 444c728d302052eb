package import JSON

/// A method's parameters by name, those of the query and of the body as one.
///
/// Made once for a plan, since every call is checked against it.
package struct ParameterNames: Sendable {
    private let schemas: [String: JSONValue]
    private let byFoldedName: [String: String]

    /// - Parameter shapes: of members that hold whole records, in place of what the method says of them.
    init(_ method: UnifiedMethod, shapes: [String: JSONValue] = [:]) {
        let all = method.query + method.body
        schemas = Dictionary(all.map { ($0.name, shapes[$0.name] ?? $0.schema) }) { first, _ in first }
        byFoldedName = Dictionary(all.map { (Self.folded($0.name), $0.name) }) { first, _ in first }
    }

    /// The JSON Schema of a parameter; `candidate.id` is a form of `candidate_id`.
    package func schema(of name: String) -> JSONValue? {
        schemas[name] ?? (name.hasSuffix(".id") ? schemas[name.dropLast(3) + "_id"] : nil)
    }

    /// The parameter that is written almost like a name that is none; nil where the name is a parameter's own.
    package func meant(by name: String) -> String? {
        guard schema(of: name) == nil else { return nil }
        return byFoldedName[Self.folded(name)]
    }

    /// What is left of a name without case and punctuation.
    package static func folded(_ name: String) -> String { name.lowercased().filter { !"._-".contains($0) } }
}
