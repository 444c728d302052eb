package import JSON

/// Checks overrides before they are stored: what is wrong with one is said to whoever writes it, not at each call.
///
/// Not on an event loop: expressions are compiled, and there may be many.
extension Catalog {
    /// - Parameters:
    ///   - override: of an environment's or an account's integration.
    ///   - below: the environment's override, below an account's.
    /// - Throws: `invalidDefinition` with the places at fault, `hostNotAllowed`, `expressionFailed`,
    ///   `unknownIntegration`.
    package func check(
        integrationOverride override: JSONObject, of name: String, over below: JSONObject = [:]
    ) throws(CatalogError) {
        let layers = [below, override].filter { !$0.isEmpty }.map(JSONValue.object)
        let original = try integration(name)
        let merged = try integration(name, overriddenBy: layers)
        for template in merged.overriddenAddresses {
            try Self.check(address: template, original.credentialHosts, name)
        }
        for pattern in merged.hostPatterns where !original.credentialHosts.contains(pattern.text.replacing("*", with: "x")) {
            throw .hostNotAllowed(pattern.text, name)
        }
        try Self.compile(merged.overriddenExpressions)
    }

    /// - Parameters:
    ///   - override: of an account's mappings: `{model: {resource: {method: {…}}}}`.
    ///   - models: the environment's overrides of models, which may add what is mapped, by their names.
    /// - Throws: `invalidDefinition` with the places at fault, `expressionFailed`; `unknownModel`, `unknownResource` or
    ///   `unknownMethod` for what no call has.
    package func check(
        mappingOverride override: JSONObject, of integration: String, models: [String: JSONObject] = [:]
    ) throws(CatalogError) {
        let names = try CallNames(self, overrides: models)
        for (model, resources) in override { try names.require(mapped: resources, of: model) }
        let overrides = Overrides(version: "", mappings: .object(override))
        for (model, resources) in override {
            for (resource, methods) in resources.object ?? [:] {
                for (method, _) in methods.object ?? [:] {
                    let builder = PlanBuilder(
                        catalog: self, model: model, resource: resource, method: method, integration: integration,
                        environment: nil, account: overrides
                    )
                    try Self.checked { () throws(CatalogError) in try Self.compile(try builder.build().overriddenExpressions) }
                }
            }
        }
    }

    /// - Parameter override: of an environment's unified model.
    /// - Throws: `invalidDefinition` with the places at fault, `expressionFailed`.
    package func check(modelOverride override: JSONObject, of model: String) throws(CatalogError) {
        let definition = try document(modelFile(model)).overridden(
            by: .object(override), keepingLines: false, seesSecrets: overrideRules.maySeeSecrets
        )
        _ = try UnifiedModel(name: model, decoding: definition)
        try Self.compile(definition.overriddenExpressions?.all ?? [])
    }

    private static func compile(_ expressions: [MappingExpression]) throws(CatalogError) {
        for expression in expressions { _ = try expression.expression() }
    }

    /// The plan is made without an environment: a resource that only its model has is missing in it, and no fault of the override.
    private static func checked(_ body: () throws(CatalogError) -> Void) throws(CatalogError) {
        do { try body() } catch {
            if [.invalidDefinition, .hostNotAllowed, .expressionFailed].contains(error.code) { throw error }
        }
    }

    /// A placeholder stands for a part of a name at most: what may be called is known without any account.
    private static func check(
        address template: Template, _ hosts: CredentialHosts, _ name: String
    ) throws(CatalogError) {
        var address = ""
        for piece in template.pieces {
            switch piece {
            case .text(let text): address += text
            case .placeholder: address += "x"
            }
        }
        guard template.whole == nil, AddressHost.of(address) != nil else {
            throw CatalogError(
                .invalidDefinition,
                "'\(template.source.prefix(200))' is not an address: it has to begin with https:// and name its host"
            )
        }
        try hosts.check(address, of: name)
    }
}

extension Integration {
    /// Every address that an override wrote.
    fileprivate var overriddenAddresses: [Template] {
        (Self.addressTemplates(baseURL, resources, credentials) + resources.values.flatMap { $0.methods.values.compactMap(\.url) })
            .filter(\.origin.isOverride)
    }

    fileprivate var hostPatterns: [HostPattern] {
        allowedHosts + ([session].compactMap(\.self) + sessionByMethod.values).flatMap(\.hosts)
    }
}
