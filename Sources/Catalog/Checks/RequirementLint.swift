/// Checks that what a mapping requires can be sent.
struct RequirementLint {
    /// With the mapping's own parameters.
    let method: UnifiedMethod

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
    }
}
