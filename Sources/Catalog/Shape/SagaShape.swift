/// `saga` of a model's method, and of a mapping.
extension CatalogShapes {
    static let sagaModel = Shape.object([
        Shape.field("result", shape: .text, required: true),
        Shape.field("parts", shape: .list(.text), required: true),
        Shape.field("steps", shape: .map(.object(sagaStep), nullable: false), required: true),
    ])

    static let saga = Shape.object(
        [
            Shape.field("duplicates", shape: .word(Saga.Duplicates.allCases.map(\.rawValue))),
            Shape.field(
                "steps",
                shape: .list(
                    .either([
                        .text, .object([Shape.field("name", shape: .text, required: true)] + sagaStep),
                    ])), required: true),
        ])

    private static let sagaStep: [Shape.Field] = [
        Shape.field("resource", shape: .text),
        Shape.field("method", shape: .text),
        Shape.field("for_each", shape: .expression),
        Shape.field("run_if", shape: .expression),
        Shape.field("query", shape: .expression),
        Shape.field("body", shape: .expression),
        Shape.field("sets", shape: .map(.expression, nullable: false)),
        Shape.field("repeatable", shape: .bool),
        Shape.field("takes", shape: .list(.text)),
        Shape.field("files", shape: .map(positive, nullable: false)),
        Shape.field("files_if", shape: .expression),
        Shape.field(
            "find",
            shape: .object([
                Shape.field("resource", shape: .text, required: true),
                Shape.field("query", shape: .expression, required: true),
                Shape.field("match", shape: .expression, required: true),
                Shape.field("needs", shape: requirements),
                Shape.field("under", shape: .text),
            ])),
    ]
}
