import JSON

/// Checks that the calls exist which an integration's actions, its sessions and its credentials' options name.
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
        let session = definition.value["session"]
        if session?["steps"] != nil {
            check(session: session, ["session"], report)
        } else {
            for (method, inner) in session?.object ?? [:] { check(session: inner, ["session", method], report) }
        }
        checkOptions(report)
        checkValidation(report)
    }

    /// A key that people type is worth what the vendor says of it, and nothing asks the vendor without `validation`. OAuth
    /// and sessions prove theirs by themselves.
    private func checkValidation(_ report: (DefinitionFault) -> Void) {
        let typed = integration.credentials.filter { $0.oauth2 == nil && !$0.fields.isEmpty }
        guard let first = typed.first, definition.value["session"] == nil else { return }
        guard !integration.actions.contains(where: { $0.name == .validation }) else { return }
        var warning = definition.fault(
            ["credentials", first.name], "there is no 'validation' action, so any text passes for a key on the connect page")
        warning.isWarning = true
        report(warning)
    }

    private func check(session: JSONValue?, _ path: [String], _ report: (DefinitionFault) -> Void) {
        for (at, step) in (session?["steps"]?.array ?? []).enumerated() {
            let place = path + ["steps", String(at)]
            check(step, place, report)
            guard let resource = step[path: ["config", "resource"]]?.string else { continue }
            let method = step[path: ["config", "method"]]?.string ?? "get"
            if integration.resources[resource]?.methods[method]?.noSession == false {
                report(
                    definition.fault(place, "\(resource).\(method) makes the session and so cannot use it: say 'no_session: true' there"))
            }
        }
    }

    private func checkOptions(_ report: (DefinitionFault) -> Void) {
        for credential in integration.credentials {
            for field in credential.fields {
                guard let list = field.optionsFrom, integration.resources[list.resource]?.methods[list.method] == nil
                else { continue }
                report(
                    definition.fault(
                        ["credentials"],
                        "'\(field.name)' takes its options from \(list.resource).\(list.method), which is no call of \(integration.name)"
                    )
                )
            }
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
