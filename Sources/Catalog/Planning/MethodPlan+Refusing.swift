import JSONata

extension MethodPlan {
    /// The first refusal of the definition that holds for the call.
    ///
    /// - Parameter afterSteps: of those that read what the steps before the call gave, or of the others.
    /// - Throws: `expressionFailed`.
    func refusal(_ scope: CallInput, afterSteps: Bool) throws(CatalogError) -> Mapping.Refusal? {
        guard !mapping.refusals.isEmpty else { return nil }
        let input = MappingScope.routing(scope)
        for refusal in mapping.refusals where refusal.needsSteps == afterSteps {
            if try refusal.condition.evaluate(input).isTruthy { return refusal }
        }
        return nil
    }
}

extension Mapping.Refusal {
    /// Whether it can be decided only once the steps before the call have been carried out.
    var needsSteps: Bool {
        // Where it cannot be told what an expression reads, it may read their results.
        guard let members = try? condition.expression().membersRead(of: "before") else { return true }
        return !members.isEmpty
    }
}
