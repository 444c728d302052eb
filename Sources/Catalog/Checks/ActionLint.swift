import JSON

/// Checks that the calls which an integration's actions name exist.
struct ActionLint {
    let integration: Integration
    let definition: Definition

    func check(report: (DefinitionFault) -> Void) {
        for (name, action) in definition.value["actions"]?.object ?? [:] {
            guard let steps = action["steps"]?.array else {
                check(action, ["actions", name], report)
                continue
            }
            for (at, step) in steps.enumerated() { check(step, ["actions", name, "steps", String(at)], report) }
        }
    }

    private func check(_ step: JSONValue, _ path: [String], _ report: (DefinitionFault) -> Void) {
        // What an expression names is known only when it runs.
        guard (step["type"]?.string ?? "request") == "request", step["config"]?.string == nil else { return }
        let place = path + ["config"]
        guard let resource = step[path: ["config", "resource"]]?.string else {
            return report(definition.fault(place, "names no resource"))
        }
        guard let methods = integration.resources[resource]?.methods else {
            let hint = DidYouMean.hint(resource, among: Array(integration.resources.keys))
            return report(definition.fault(place, "\(integration.name) has no resource '\(resource)'" + hint))
        }
        let method = step[path: ["config", "method"]]?.string ?? "get"
        if methods[method] == nil {
            let hint = DidYouMean.hint(method, among: Array(methods.keys))
            report(definition.fault(place, "\(integration.name).\(resource) has no method '\(method)'" + hint))
        }
    }
}
