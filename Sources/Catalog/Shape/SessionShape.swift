/// `session` of an integration.
extension CatalogShapes {
    /// One session for all accounts, or one per authentication method.
    static let sessions = Shape.oneOrNamed(session, key: "steps")

    private static let session = Shape.object([
        Shape.field("steps", shape: .list(sessionStep), required: true),
        Shape.field("expired", shape: .expression),
        Shape.field("hosts", shape: .list(.text)),
    ])

    private static let sessionStep = Shape.object([
        Shape.field("name", shape: .text),
        Shape.field("type", shape: .word([Mapping.Step.Kind.request, .transform, .updateSession].map(\.rawValue))),
        Shape.field("run_if", shape: .expression),
        Shape.field("config", shape: .either([.expression, .templateTree]), required: true),
    ])
}
