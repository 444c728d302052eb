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

    /// The refusal of a step that would be carried out too often.
    func refusal(of step: Mapping.Step, items: Int) -> Mapping.Refusal? {
        guard let each = step.forEach, items > StepLoop.maxItems else { return nil }
        let fields = (try? each.expression().membersRead(of: "body")) ?? []
        return Mapping.Refusal(
            condition: each, message: "\(integration.label) takes them one at a time; one call takes \(StepLoop.maxItems) at most",
            parameter: fields.count == 1 ? fields.first : nil)
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
