extension MethodPlan {
    /// Compiles what overrides have written: long texts take long, so whoever calls it decides where.
    ///
    /// An expression that does not compile says so when it is evaluated.
    package func compileOverrides() {
        for expression in overriddenExpressions { _ = try? expression.expression() }
        _ = bodyMembersRead
    }
}

extension Overrides {
    /// Whether they may hold expressions: known before anything of them is read.
    package static func mayHoldExpressions(_ overrides: Overrides?...) -> Bool {
        overrides.contains { $0?.isEmpty == false }
    }
}
