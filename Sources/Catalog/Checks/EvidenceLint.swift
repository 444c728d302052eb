/// Checks that a definition says where its facts come from.
struct EvidenceLint {
    let integration: Integration
    let definition: Definition

    func check(report: (DefinitionFault) -> Void) {
        var bare: [[String]] = []
        var isCited = false
        for (resource, methods) in integration.resources {
            for (name, method) in methods.methods {
                let place = ["resources", resource, name]
                Self.check(method.evidence, definition, place, report: report)
                if method.evidence.sources.isEmpty { bare.append(place) } else { isCited = true }
            }
        }
        let isBuiltIn = CatalogFiles.embedded.integration(integration.name) != nil
        guard isBuiltIn || isCited else {
            // Somebody's own vendor: once is enough.
            var warning = definition.fault(["resources"], "no call says by 'source' which document its facts come from")
            warning.isWarning = true
            if !bare.isEmpty { report(warning) }
            return
        }
        for place in bare {
            var fault = definition.fault(place, "'source' is missing: the document that the facts come from, and its section")
            fault.isWarning = !isBuiltIn
            report(fault)
        }
    }

    static func check(
        _ evidence: Evidence, _ definition: Definition, _ place: [String], report: (DefinitionFault) -> Void
    ) {
        if evidence.isUnverified, evidence.reason?.isEmpty != false {
            report(definition.fault(place, "'unverified_reason' is missing: what is inferred, and from what"))
        }
        if !evidence.isUnverified, evidence.reason != nil {
            report(definition.fault(place + ["unverified_reason"], "says something only beside 'unverified: true'"))
        }
    }
}
