import Synchronization

/// Collects the expressions of overrides while a definition is decoded.
///
/// Kept here, and not found by walking what was decoded, so that no new key of the definition language is forgotten:
/// these must not be compiled or evaluated on an event loop.
final class OverriddenExpressions: Sendable {
    private let expressions = Mutex<[MappingExpression]>([])

    var all: [MappingExpression] { expressions.withLock { $0 } }

    func add(_ expression: MappingExpression) { expressions.withLock { $0.append(expression) } }
}
