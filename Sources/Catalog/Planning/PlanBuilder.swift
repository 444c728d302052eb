import JSON

/// Merges the layers of one method's definition and decodes the result.
struct PlanBuilder {
    let catalog: Catalog
    let model: String
    let resource: String
    let method: String
    let integration: String
    let environment: Overrides?
    let account: Overrides?

    /// Of these the account's is evaluated beside the definition's and merged over its result, not put in its place.
    private static let besides = ["query_mapping", "response_mapping"]

    func build() throws(CatalogError) -> MethodPlan {
        let unified = try unifiedMethod()
        let vendor = try catalog.integration(
            integration, environmentOverrides: environment, accountOverrides: account
        )
        let (definition, own) = try mappingDefinition()
        let faults = CatalogShapes.mapping.check(definition)
        guard faults.isEmpty else {
            throw CatalogError(
                .invalidDefinition, "the mapping of \(model).\(resource).\(method) is not valid", faults: faults
            )
        }
        let reader = DefinitionReader(definition)
        let mapping = try Mapping(resource: resource, method: method, decoding: reader)
        var saga: Saga?
        if let outline = mapping.saga, let model = unified.method.saga {
            saga = try Saga(outline, model, place: "\(integration).\(resource).\(method)")
        }
        return MethodPlan(
            model: model, resource: resource, method: method, integration: vendor, schema: unified.schema,
            unifiedMethod: unified.method.refined(by: mapping, reader), mapping: mapping,
            accountQueryMapping: own.query, accountResponseMapping: own.response,
            overriddenExpressions: vendor.overriddenExpressions + unified.overridden
                + (definition.overriddenExpressions?.all ?? []) + [own.query, own.response].compactMap(\.self),
            saga: saga, memberShapes: unified.shapes
        )
    }

    private func unifiedMethod() throws(CatalogError) -> (
        schema: ResourceSchema, method: UnifiedMethod, shapes: [String: JSONValue], overridden: [MappingExpression]
    ) {
        var definition = try catalog.document(catalog.modelFile(model))
        var unified = try catalog.model(model)
        if let override = environment?.models?[model] {
            definition = definition.overridden(
                by: override, keepingLines: false, seesSecrets: catalog.overrideRules.maySeeSecrets
            )
            unified = try UnifiedModel(name: model, decoding: definition)
        }
        guard let found = unified.resources[resource] else {
            throw CatalogError(
                .unknownResource,
                "the model \(model) has no resource '\(resource)'" + DidYouMean.hint(resource, among: unified.resourceNames)
            )
        }
        guard !found.methods.isEmpty else {
            let served = unified.resources.filter { !$0.value.methods.isEmpty }.keys.sorted().joined(separator: ", ")
            throw CatalogError(.unknownMethod, "the model \(model) has no calls for '\(resource)' yet; it has those of \(served)")
        }
        guard let unifiedMethod = found.methods[method] else {
            throw CatalogError(
                .unknownMethod,
                "the resource \(model).\(resource) has no method '\(method)'" + DidYouMean.hint(method, among: found.methodNames)
                    + (try offered())
            )
        }
        let shapes = unifiedMethod.saga?.memberShapes(in: unified) ?? [:]
        return (found.schema, unifiedMethod, shapes, definition.overriddenExpressions?.all ?? [])
    }

    private func mappingDefinition() throws(CatalogError) -> (
        Definition, (query: MappingExpression?, response: MappingExpression?)
    ) {
        var layers: [JSONValue] = []
        var lines: [String: Int] = [:]
        var file = "override"
        var base: JSONValue?
        _ = try catalog.integrationFile(integration)
        if let path = catalog.files.mapping(model: model, integration: integration) {
            let document = try catalog.document(path)
            let prefix = ["resources", resource, method]
            file = document.file
            base = document.value[path: prefix]
            lines = document.lines(below: prefix)
        }
        for overrides in [environment, account] {
            if let layer = overrides?.mappings?[path: [model, resource, method]] { layers.append(layer) }
        }
        guard base != nil || !layers.isEmpty else {
            let label = (try? catalog.integration(integration).label) ?? integration
            throw CatalogError(.notMapped, "\(label) does not offer \(resource).\(method)" + (try offered()))
        }
        var definition = Definition(file: file, value: base ?? .object([:]), lines: lines)
        definition.prefix = ["resources", resource, method]
        let environmentLayer = environment?.mappings?[path: [model, resource, method]]
        var accountLayer = account?.mappings?[path: [model, resource, method]]
        let own = (accountExpression(accountLayer, "query_mapping"), accountExpression(accountLayer, "response_mapping"))
        if var object = accountLayer?.object {
            for key in Self.besides where object[key]?.string != nil { object[key] = nil }
            accountLayer = .object(object)
        }
        for layer in [environmentLayer, accountLayer].compactMap({ $0 }) {
            definition = definition.overridden(
                by: layer, keepingLines: layer.object?.isEmpty == true, seesSecrets: catalog.overrideRules.maySeeSecrets
            )
        }
        return (definition, own)
    }

    /// What the integration offers of the model, for the message that says what it does not.
    private func offered() throws(CatalogError) -> String {
        guard catalog.files.integration(integration) != nil else { return "" }
        let methods = try catalog.mappedMethods(model: model, integration: integration).sorted { $0.key < $1.key }
        let names = methods.map { "\($0.key): " + $0.value.joined(separator: ", ") }
        return names.isEmpty ? "" : "; it offers \(names.joined(separator: "; "))"
    }

    private func accountExpression(_ layer: JSONValue?, _ key: String) -> MappingExpression? {
        layer?[key]?.string.map {
            MappingExpression(
                $0, place: "account override: \(resource).\(method).\(key)",
                origin: .override(seesSecrets: catalog.overrideRules.maySeeSecrets)
            )
        }
    }
}

extension Definition {
    /// The lines of the part at `prefix`, by the paths inside it.
    func lines(below prefix: [String]) -> [String: Int] {
        let head = prefix.joined(separator: ".")
        var inner: [String: Int] = [:]
        for (path, line) in lines {
            if path == head {
                inner[""] = line
            } else if path.hasPrefix(head + ".") {
                inner[String(path.dropFirst(head.count + 1))] = line
            }
        }
        return inner
    }
}
