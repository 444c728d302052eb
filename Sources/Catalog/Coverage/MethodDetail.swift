package import JSON

/// What is to be known of one unified method on one integration before it is called.
package struct MethodDetail: Sendable {
    package var description: String?
    private let entry: Coverage.Entry
    private let requires: [[String]]
    private let scopes: [String]
    private let documentationURLs: [String]

    package init(_ plan: MethodPlan) {
        description = plan.unifiedMethod.description
        entry = Coverage.Entry(plan)
        requires = plan.unifiedMethod.requires
        let calls = plan.calls
        scopes = Set(calls.flatMap(\.scopes)).sorted()
        documentationURLs = Set(calls.compactMap(\.documentationURL)).sorted()
    }

    /// `requires` is a list of alternatives: one name of each is needed.
    package var json: JSONValue {
        var object = entry.json.object ?? [:]
        for name in ["integration", "resource", "method"] { object[name] = nil }
        object["description"] = description.map { .string($0) } ?? .null
        object["source"] = .array(entry.sources.map { .string($0) })
        if !entry.isDocumented { object["inferred"] = .array(entry.reasons.map { .string($0) }) }
        object["requires"] = .array(requires.map { .array($0.map { .string($0) }) })
        object["scopes"] = .array(scopes.map { .string($0) })
        object["api_documentation_url"] = documentationURLs.first.map { .string($0) } ?? .null
        return .object(object)
    }
}
