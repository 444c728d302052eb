/// `unified/<model>.yaml`.
extension CatalogShapes {
    static let unifiedModel = Shape.object([
        Shape.field("label", shape: .text, required: true),
        Shape.field("category", shape: .text),
        Shape.field("description", shape: .text),
        Shape.field("resources", shape: .map(unifiedResource, nullable: false), required: true),
    ])

    static let unifiedResource = Shape.object([
        Shape.field("description", shape: .text),
        Shape.field("schema", shape: .map(.any, nullable: false), required: true),
        Shape.field("references", shape: .map(.text, nullable: false)),
        Shape.field("methods", shape: .map(unifiedMethod, nullable: false)),
    ])

    static let unifiedMethod = Shape.object([
        Shape.field("description", shape: .text),
        Shape.field("query", "query_schema", shape: parameters),
        Shape.field("body", "request_body_schema", shape: parameters),
        Shape.field("params", shape: parameters),
        Shape.field("requires", shape: requirements),
        Shape.field("saga", shape: sagaModel),
        Shape.field("answer", shape: .word(UnifiedMethod.Answer.allCases.map(\.rawValue))),
    ])

    /// By name; `null` takes a field of the resource's schema as it is.
    static let parameters = Shape.map(parameter, nullable: true)

    /// JSON Schema with our keys for requirements. Keys of JSON Schema that documentation needs, no more.
    static let parameter = Shape.object([
        Shape.field("type", shape: .either([.text, .list(.text)])),
        Shape.field("field", shape: .text),
        Shape.field("format", shape: .text),
        Shape.field("description", shape: .text),
        Shape.field("enum", shape: .list(.any)),
        Shape.field("default", shape: .any),
        Shape.field("example", shape: .any),
        Shape.field("examples", shape: .list(.any)),
        Shape.field("items", shape: .any),
        Shape.field("properties", shape: .any),
        Shape.field("additionalProperties", shape: .any),
        Shape.field("oneOf", shape: .any),
        Shape.field("anyOf", shape: .any),
        Shape.field("minimum", shape: .number),
        Shape.field("maximum", shape: .number),
        Shape.field("minLength", shape: .integer(0...Int.max)),
        Shape.field("maxLength", shape: .integer(0...Int.max)),
        Shape.field("pattern", shape: .text),
        Shape.field("nullable", shape: .bool),
        Shape.field("deprecated", shape: .bool),
        Shape.field("required", shape: .bool),
        Shape.field("required_if", shape: .expression),
        Shape.field("conditionally_required", shape: .text),
    ])
}
