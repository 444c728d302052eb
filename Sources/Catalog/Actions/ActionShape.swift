/// `actions` of an integration.
extension CatalogShapes {
    static let actions = Shape.object(
        Action.Name.allCases.map { Shape.field($0.rawValue, shape: .object(action)) }
    )

    private static let action: [Shape.Field] =
        [
            Shape.field("description", shape: .text), Shape.field("steps", shape: .list(.object(actionStep))),
        ] + actionStep

    /// As the steps of a mapping, and `update_context` besides.
    private static let actionStep: [Shape.Field] = [
        Shape.field("name", shape: .text),
        Shape.field("type", shape: .word([Mapping.Step.Kind.request, .transform, .updateContext].map(\.rawValue))),
        Shape.field("run_if", shape: .expression),
        Shape.field("config", shape: .either([.expression, .templateTree])),
    ]
}
