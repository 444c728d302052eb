import JSONata

extension MethodPlan {
    /// The first refusal of the definition that holds for the call, of those that can be judged now.
    ///
    /// Each is judged once, as soon as what it reads is there: a step that writes must not be carried out for a call that is
    /// then refused.
    ///
    /// - Parameter steps: how many of the steps before the call are behind it; nil: the call was not begun yet.
    /// - Throws: `expressionFailed`.
    func refusal(_ scope: CallInput, after steps: Int?) throws(CatalogError) -> Mapping.Refusal? {
        guard !mapping.refusals.isEmpty else { return nil }
        let input = MappingScope.routing(scope)
        for refusal in mapping.refusals where refusal.stepsNeeded(of: mapping.before) == steps {
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
    /// How many of the steps must have been carried out before it can be judged; nil: it reads none of their results.
    func stepsNeeded(of steps: [Mapping.Step]) -> Int? {
        // Where it cannot be told what an expression reads, it may read the results of all.
        guard let names = try? condition.expression().membersRead(of: "before") else { return steps.count }
        if names.isEmpty { return nil }
        return steps.lastIndex { names.contains($0.name) }.map { $0 + 1 } ?? steps.count
    }
}
