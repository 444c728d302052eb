package import JSON

/// A model that every integration is mapped to: `ats`.
package struct UnifiedModel: Sendable {
    package var name: String
    package var label: String
    package var category: String?
    package var description: String?
    package var resources: [String: UnifiedResource]
    /// In the order of the definition, for listings and documentation.
    package var resourceNames: [String]
}

package struct UnifiedResource: Sendable {
    package var name: String
    package var description: String?
    /// JSON Schema of one record.
    package var schema: ResourceSchema
    /// Fields that refer to records of a resource, by an object with an `id` or an array of such.
    package var references: [(field: String, resource: String)]
    package var methods: [String: UnifiedMethod]
    package var methodNames: [String]
}

/// The JSON Schema of a record.
package struct ResourceSchema: Sendable, Hashable {
    package let json: JSONValue
    /// Brings records into the schema's form.
    package let coercion: SchemaCoercion

    package init(json: JSONValue) {
        self.json = json
        coercion = SchemaCoercion(json)
    }

    package static func == (a: Self, b: Self) -> Bool { a.json == b.json }
    package func hash(into hasher: inout Hasher) { hasher.combine(json) }

    /// Fields in the order of the definition.
    package var properties: [(name: String, schema: JSONValue)] {
        json["properties"]?.object?.elements.map { ($0.key, $0.value) } ?? []
    }
}

/// One unified call, before any integration: its parameters and their documentation.
package struct UnifiedMethod: Sendable {
    /// What the call's response is.
    package enum Answer: String, Sendable, Hashable, CaseIterable {
        /// The list envelope.
        case list
        /// One record, bare.
        case record
        /// `{"id"}`.
        case deletion = "delete"
        /// `{"result": …}`.
        case wrapped
        /// Bytes with the provider's type.
        case binary
    }

    package var name: String
    /// `GET` for list and get, `PATCH` for update, `DELETE` for delete, else `POST`.
    package var httpMethod: String
    package var description: String?
    package var query: [Parameter]
    package var body: [Parameter]
    /// Names of the parameters that may stand in the query or the body, as one: `SharedParameter`.
    package var params: [String]
    /// All of these must be given; of an inner list, one.
    package var requires: [[String]]
    package var response: Answer
    /// The steps that integrations may carry the call out in.
    package var saga: SagaModel?
    /// Names of the vendor's own fields that it declares, as `remote_data[name]`.
    package var remoteFields: [String] {
        let prefix = "remote_data["
        return body.filter { $0.name.hasPrefix(prefix) }.map { String($0.name.dropFirst(prefix.count).dropLast()) }
    }
    /// Whether references in its records can be filled: it reads.
    package var canExpand: Bool { ["list", "get"].contains(name) }
    /// Whether the path ends with an id.
    package var takesID: Bool { ["get", "update", "delete"].contains(name) }

    /// The path of the call at a resource: `/unified/ats/jobs/{id}`, `/unified/ats/applications/reject`.
    package func path(of resource: String, in model: String) -> String {
        let collection = "/unified/\(model)/\(resource)"
        if takesID { return "\(collection)/{id}" }
        return ["list", "create"].contains(name) ? collection : "\(collection)/\(name)"
    }

    package struct Parameter: Sendable {
        package var name: String
        /// JSON Schema without our own keys (`required`, `required_if`, `conditionally_required`).
        package var schema: JSONValue
        package var description: String?
        package var required: Bool
        /// Truthy where the call needs the parameter; scope `query`, `body`, `context`, `id`.
        package var requiredIf: MappingExpression?
        /// The field of a record that a list's filter compares, such as `current_stage.id`; nil: the one of its own name.
        package var field: String?
        /// The rule in words, for `truto_error_insight.conditionally_required_*`.
        package var conditionallyRequired: String?

        package var isFile: Bool { schema["format"]?.string == "binary" }
    }

    /// The usual HTTP method of a method name.
    package static func httpMethod(of name: String) -> String {
        switch name {
        case "list", "get": "GET"
        case "update": "PATCH"
        case "delete": "DELETE"
        default: "POST"
        }
    }
}

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
