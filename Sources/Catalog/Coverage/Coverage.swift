package import JSON

/// What the integrations of a catalog offer: integrations × resources × methods, with their limits and their evidence.
package struct Coverage: Sendable {
    package struct Entry: Sendable {
        package var integration: String
        package var resource: String
        package var method: String
        /// Whether all of it is documented by the vendor; else something about it is inferred.
        package var isDocumented: Bool
        /// Why it is not, in the words of the definition.
        package var reasons: [String]
        package var sources: [String]
        /// Bytes; nil where the method takes no file, or no limit is known.
        package var maxFileSize: Int?
        /// Media types and extensions; empty where any is taken; nil where the method takes no file.
        package var acceptedTypes: [String]?
        /// Types that no call of the method takes, where it takes others; empty where none is known; nil where the method
        /// takes no file.
        package var refusedTypes: [String]?
        /// How the file reaches the vendor: `multipart`, `base64`, `url`, `presigned`, `two_step`, `raw`; nil where the
        /// method takes none.
        package var upload: String?
        /// Who carries out the parameters of a list; nil for other methods.
        package var filters: ListFilters?
    }

    /// By integration, then in the order of the definitions.
    package var entries: [Entry]

    /// - Throws: `invalidDefinition`.
    package init(_ catalog: Catalog, integration: String? = nil) throws(CatalogError) {
        entries = []
        for name in catalog.integrationNames where integration == nil || integration == name {
            for model in catalog.modelNames { entries += try Self.entries(catalog, model: model, integration: name) }
        }
    }

    private static func entries(
        _ catalog: Catalog, model: String, integration: String
    ) throws(CatalogError) -> [Entry] {
        let mapped = try catalog.mappedMethods(model: model, integration: integration)
        let definition = try catalog.model(model)
        var entries: [Entry] = []
        for resource in definition.resourceNames {
            // In the model's order, which is that of reading before writing.
            for method in definition.resources[resource]?.methodNames ?? [] where mapped[resource]?.contains(method) == true {
                entries.append(
                    Entry(try catalog.plan(model: model, resource: resource, method: method, integration: integration)))
            }
        }
        return entries
    }
}

extension Coverage.Entry {
    /// What one plan says.
    package init(_ plan: MethodPlan) {
        let calls = plan.calls
        let evidence = [plan.mapping.evidence] + calls.map(\.evidence)
        let takesFile = plan.unifiedMethod.body.contains { $0.isFile }
        let route = takesFile ? plan.fileRoute : nil
        integration = plan.integration.name
        resource = plan.resource
        method = plan.method
        isDocumented = !evidence.contains { $0.isUnverified }
        reasons = Coverage.unique(evidence.filter(\.isUnverified).compactMap(\.reason))
        sources = Coverage.unique(evidence.flatMap(\.sources))
        maxFileSize = route?.largestFile
        acceptedTypes = route.map { route in
            // Where a call takes anything, there is no list.
            route.methods.contains { $0.acceptedTypes.isEmpty } ? [] : route.methods.flatMap(\.acceptedTypes)
        }
        refusedTypes = route.map { route in
            let lists = route.methods.map(\.refusedTypes)
            return (lists.first ?? []).filter { type in lists.allSatisfy { $0.contains(type) } }
        }
        upload = route?.kind
        filters = plan.filters
    }

    /// `{integration, resource, method, evidence, max_file_size, accepted_types, refused_types, upload, filters}`; null
    /// where it says nothing. `filters` are `{provider: [name], gateway: [name]}`: a name in both is narrowed by the provider, and the
    /// gateway drops the rest.
    package var json: JSONValue {
        [
            "integration": .string(integration), "resource": .string(resource), "method": .string(method),
            "evidence": .string(isDocumented ? "documented" : "inferred"),
            "max_file_size": maxFileSize.map { .number(JSONNumber($0)) } ?? .null,
            "accepted_types": acceptedTypes.map { .array($0.map { .string($0) }) } ?? .null,
            "refused_types": refusedTypes.map { .array($0.map { .string($0) }) } ?? .null,
            "upload": upload.map { .string($0) } ?? .null,
            "filters": filters?.json ?? .null,
        ]
    }
}

extension MethodPlan {
    /// All provider calls that the method may make, as far as they are written down: its steps', and its own.
    var calls: [IntegrationMethod] {
        let steps = mapping.before + mapping.sources.flatMap(\.before) + mapping.after
        return steps.flatMap { $0.methods(of: integration) } + Self.possibleMethods(mapping, integration)
    }
}
