import JSON

/// What is remembered of an expression's syntax for questions about it.
struct SyntaxFacts: Sendable {
    init(_ tree: Syntax) {}
}
