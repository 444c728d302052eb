import JSON

/// Checks the hosts that credentials may go to.
struct HostLint {
    let definition: Definition

    func check(report: (DefinitionFault) -> Void) {
        check(definition.value["allowed_hosts"], ["allowed_hosts"], report)
        let session = definition.value["session"]
        guard session?["steps"] == nil else { return check(session?["hosts"], ["session", "hosts"], report) }
        for (method, inner) in session?.object ?? [:] { check(inner["hosts"], ["session", method, "hosts"], report) }
    }

    private func check(_ hosts: JSONValue?, _ path: [String], _ report: (DefinitionFault) -> Void) {
        for (at, host) in (hosts?.array ?? []).enumerated() {
            guard let fault = host.string.flatMap({ HostPattern($0).fault }) else { continue }
            report(definition.fault(path + [String(at)], fault))
        }
    }
}
