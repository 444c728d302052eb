/// `integrations/<vendor>/<model>.yaml`.
extension CatalogShapes {
    static let mappingFile = Shape.object([
        Shape.field("description", shape: .text),
        Shape.field("resources", shape: .map(.map(mapping, nullable: false), nullable: false), required: true),
    ])

    static let mapping = Shape.object(
        callMapping + evidence + [
            Shape.field("description", shape: .text),
            Shape.field("resource", shape: name),
            Shape.field("method", shape: name),
            Shape.field("sources", shape: .list(source)),
            Shape.field("source_mode", shape: .word(Mapping.SourceMode.allCases.map(\.rawValue))),
            Shape.field("before", shape: .list(step)),
            Shape.field("after", shape: .list(step)),
            Shape.field("is_partial_expression", shape: .expression),
            Shape.field("query", "default_query", shape: .templateTree),
            Shape.field("body", "default_body", shape: .templateTree),
            Shape.field("static_response", shape: .any),
            Shape.field("query_schema", shape: parameters),
            Shape.field("request_body_schema", shape: parameters),
            Shape.field("requires", shape: requirements),
            Shape.field(
                "refuse",
                shape: .list(
                    .object([
                        Shape.field("if", shape: .expression, required: true),
                        Shape.field("message", shape: .text, required: true),
                        Shape.field("param", shape: .text),
                    ]))),
            Shape.field("gateway_filters", shape: .list(.text)),
            Shape.field("same_for_any", shape: .list(.text)),
            Shape.field("saga", shape: saga),
            Shape.field(
                "temporary",
                shape: .object([
                    Shape.field("expires_at", shape: .expression, required: true)
                ])),
        ]
    )

    /// All of these; of an inner list, one.
    static let requirements = Shape.list(.either([.text, .list(.text)]))

    static let callMapping: [Shape.Field] = [
        Shape.field("query_mapping", shape: .expression),
        Shape.field("request_body_mapping", shape: .expression),
        Shape.field("request_header_mapping", shape: .expression),
        Shape.field("path_mapping", shape: .expression),
        Shape.field("response_mapping", shape: .expression),
        Shape.field("response_mapping_method", shape: .word(["item", "array"])),
        Shape.field("response_header_mapping", shape: .expression),
        Shape.field("error_mapping", shape: .expression),
    ]

    static let name = Shape.either([
        .text,
        .object([
            Shape.field("expression", shape: .expression, required: true),
            Shape.field("resources", "methods", shape: .list(.text), required: true),
        ]),
    ])

    static let source = Shape.object(
        callMapping + [
            Shape.field("name", shape: .text),
            Shape.field("resource", shape: name, required: true),
            Shape.field("method", shape: name),
            Shape.field("run_if", shape: .expression),
            Shape.field("before", shape: .list(step)),
        ]
    )

    static let step = Shape.object([
        Shape.field("name", shape: .text, required: true),
        Shape.field("type", shape: .word([Mapping.Step.Kind.request, .transform].map(\.rawValue))),
        Shape.field("run_if", shape: .expression),
        Shape.field("for_each", shape: .expression),
        Shape.field("makes_record", shape: .bool),
        Shape.field("config", shape: .either([.expression, .templateTree]), required: true),
    ])
}
