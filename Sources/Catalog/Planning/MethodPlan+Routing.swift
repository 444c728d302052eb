import JSON

extension MethodPlan {
    /// Decides which provider calls this unified call becomes.
    ///
    /// - Throws: `invalidDefinition` where an expression names a call that the integration does not have.
    package func route(for scope: CallInput) throws(CatalogError) -> ExecutionPlan {
        if let fixed = mapping.staticResponse { return .fixed(fixed) }
        guard !mapping.sources.isEmpty else {
            return .single(try call(mapping.target, steps: mapping.steps, name: nil, before: [], scope))
        }
        lazy var input = MappingScope.routing(scope)
        var calls: [PlannedCall] = []
        for source in mapping.sources {
            if let condition = source.runIf, !(try condition.evaluate(input)).isTruthy { continue }
            calls.append(
                try call(
                    source.target, steps: source.steps.over(mapping.steps), name: source.name, before: source.before,
                    scope))
        }
        switch mapping.sourceMode {
        case .concatenate: return .concatenated(calls)
        case .firstFound: return .firstFound(calls)
        }
    }

    /// Every provider call that a plan may make: for limits that must be known before the mapping can run.
    static func possibleMethods(_ mapping: Mapping, _ integration: Integration) -> [IntegrationMethod] {
        let targets = mapping.sources.isEmpty ? [mapping.target] : mapping.sources.map(\.target)
        return targets.flatMap { target in
            target.resource.possible.flatMap { resource in
                target.method.possible.compactMap { integration.resources[resource]?.methods[$0] }
            }
        }
    }

    private func call(
        _ target: Mapping.Target, steps: CallMapping, name: String?, before: [Mapping.Step], _ scope: CallInput
    ) throws(CatalogError) -> PlannedCall {
        let resource = try target.resource.value(scope)
        let method = try target.method.value(scope)
        return PlannedCall(
            source: name ?? resource, method: try integration.method(resource, method, namedBy: place), mapping: steps,
            before: before)
    }

    var place: String { "the mapping of \(model).\(resource).\(method)" }
}

extension Mapping.Name {
    /// The names it may give.
    var possible: [String] {
        switch self {
        case .fixed(let name): [name]
        case .computed(_, let choices): choices
        }
    }

    func value(_ scope: CallInput) throws(CatalogError) -> String {
        switch self {
        case .fixed(let name): return name
        case .computed(let expression, _):
            guard let name = try expression.evaluate(MappingScope.routing(scope))?.string else {
                throw CatalogError(.expressionFailed, "\(expression.place): gives no name")
            }
            return name
        }
    }
}
