/// Checks that what a mapping requires can be sent, and that what it leaves to the gateway can be filtered there.
struct RequirementLint {
    /// With the mapping's own parameters.
    let method: UnifiedMethod
    let schema: ResourceSchema

    func check(
        _ mapping: Mapping, _ definition: Definition, _ place: [String], report: (DefinitionFault) -> Void
    ) {
        let known = (method.query + method.body).map(\.name)
        for (at, group) in mapping.requires.enumerated() {
            if group.isEmpty { report(definition.fault(place + ["requires", String(at)], "names no parameter")) }
            for name in group where !known.contains(name) {
                let hint = DidYouMean.hint(name, among: known)
                report(definition.fault(place + ["requires", String(at)], "the call has no parameter '\(name)'" + hint))
            }
        }
        for (at, refusal) in mapping.refusals.enumerated() {
            guard let name = refusal.parameter, !known.contains(name) else { continue }
            let place = place + ["refuse", String(at), "param"]
            report(definition.fault(place, "the call has no parameter '\(name)'" + DidYouMean.hint(name, among: known)))
        }
        for (at, step) in mapping.before.enumerated() where step.forEach != nil && step.config.takesFile {
            report(definition.fault(place + ["before", String(at), "for_each"], "the file is a stream, and can be sent once"))
        }
        for (at, name) in mapping.sameForAny.enumerated() where !method.query.contains(where: { $0.name == name }) {
            let place = place + ["same_for_any", String(at)]
            report(definition.fault(place, "the call has no parameter '\(name)'" + DidYouMean.hint(name, among: known)))
        }
        for (at, name) in mapping.gatewayFilters.enumerated() {
            let place = place + ["gateway_filters", String(at)]
            guard method.response == .list else {
                report(definition.fault(place, "only lists have filters"))
                continue
            }
            guard let parameter = method.query.first(where: { $0.name == name }) else {
                report(definition.fault(place, "the call has no parameter '\(name)'" + DidYouMean.hint(name, among: known)))
                continue
            }
            if GatewayFilter(parameter, schema) == nil {
                report(definition.fault(place, "records have no field to compare '\(name)' with; the model's 'field' names one"))
            }
        }
    }
}
