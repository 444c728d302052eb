import JSON

/// Checks that every limit says what it limits, and names calls and ways of signing in that there are.
struct RateLimitLint {
    let integration: Integration
    let definition: Definition

    func check(report: (DefinitionFault) -> Void) {
        let calls = integration.resources.flatMap { resource, methods in methods.methods.keys.map { "\(resource).\($0)" } }
        let ways = integration.credentials.map(\.name)
        for (at, limit) in (definition.value["rate_limit"]?["limits"]?.array ?? []).enumerated() {
            let place = ["rate_limit", "limits", String(at)]
            func check(_ key: String, _ known: [String], _ what: String) {
                for (index, name) in (limit[key]?.array ?? []).enumerated() {
                    guard let name = name.string, !known.contains(name) else { continue }
                    let hint = DidYouMean.hint(name, among: known.sorted())
                    report(definition.fault(place + [key, String(index)], "there is no \(what) '\(name)'" + hint))
                }
            }
            check("calls", calls, "call")
            check("authentication_methods", ways, "authentication method")
            if limit["requests"] == nil {
                if limit["concurrent"] == nil { report(definition.fault(place, "'requests' or 'concurrent' is missing")) }
                for key in ["seconds", "burst"] where limit[key] != nil {
                    report(definition.fault(place + [key], "says something only beside 'requests'"))
                }
            }
        }
    }
}
