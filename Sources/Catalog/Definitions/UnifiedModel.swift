public import JSON

/// A model that every integration is mapped to: `ats`.
public struct UnifiedModel: Sendable {
    public var name: String
    public var label: String
    public var category: String?
    public var description: String?
    public var resources: [String: UnifiedResource]
    /// In the order of the definition, for listings and documentation.
    public var resourceNames: [String]
}

public struct UnifiedResource: Sendable {
    public var name: String
    public var description: String?
    /// JSON Schema of one record.
    public var schema: ResourceSchema
    public var methods: [String: UnifiedMethod]
    public var methodNames: [String]
}

/// The JSON Schema of a record.
public struct ResourceSchema: Sendable, Hashable {
    public let json: JSONValue
    /// Brings records into the schema's form.
    package let coercion: SchemaCoercion

    public init(json: JSONValue) {
        self.json = json
        coercion = SchemaCoercion(json)
    }

    public static func == (a: Self, b: Self) -> Bool { a.json == b.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }

    /// Fields in the order of the definition.
    public var properties: [(name: String, schema: JSONValue)] {
        json["properties"]?.object?.elements.map { ($0.key, $0.value) } ?? []
    }
}

/// One unified call, before any integration: its parameters and their documentation.
public struct UnifiedMethod: Sendable {
    /// What the call's response is.
    public enum Answer: String, Sendable, Hashable, CaseIterable {
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

    public var name: String
    /// `GET` for list and get, `PATCH` for update, `DELETE` for delete, else `POST`.
    public var httpMethod: String
    public var description: String?
    public var query: [Parameter]
    public var body: [Parameter]
    /// Names of the parameters that may stand in the query or the body, as one: `SharedParameter`.
    package var params: [String]
    /// All of these must be given; of an inner list, one.
    package var requires: [[String]]
    public var response: Answer
    /// The steps that integrations may carry the call out in.
    package var saga: SagaModel?
    /// Whether the path ends with an id.
    public var takesID: Bool

    public struct Parameter: Sendable {
        public var name: String
        /// JSON Schema without our own keys (`required`, `required_if`, `conditionally_required`).
        public var schema: JSONValue
        public var description: String?
        public var required: Bool
        /// Truthy where the call needs the parameter; scope `query`, `body`, `context`, `id`.
        public var requiredIf: MappingExpression?
        /// The field of a record that a list's filter compares, such as `current_stage.id`; nil: the one of its own name.
        package var field: String?
        /// The rule in words, for `truto_error_insight.conditionally_required_*`.
        public var conditionallyRequired: String?

        public var isFile: Bool { schema["format"]?.string == "binary" }
    }

    /// The usual HTTP method of a method name.
    public static func httpMethod(of name: String) -> String {
        switch name {
        case "list", "get": "GET"
        case "update": "PATCH"
        case "delete": "DELETE"
        default: "POST"
        }
    }
}
