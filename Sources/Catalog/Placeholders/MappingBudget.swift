package import JSONata

/// The budget of the call that is being carried out.
///
/// A task-local value, and not a parameter: every evaluation of a call counts, those too that the next key of the
/// definition language brings.
package enum MappingBudget {
    /// nil: only the limits of each evaluation hold, as in checks of the catalog.
    @TaskLocal package static var current: EvaluationBudget?
}

extension CatalogError {
    /// An expression that failed, or that a limit has stopped.
    package init(_ error: JSONataError, at place: String) {
        switch error.code {
        case "D1016": self.init(.cancelled, "\(place): the caller has gone")
        case "D1012", "D1013", "D1014", "D1015", "D2015": self.init(.tooExpensive, "\(place): \(error.message)")
        default: self.init(.expressionFailed, "\(place): \(error)")
        }
    }
}
