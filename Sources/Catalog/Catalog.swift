import JSON
import Synchronization

/// All definitions: unified models, integrations, and the mappings between them.
///
/// Files are read at the start and parsed at their first use. Safe to use from many threads.
package final class Catalog: Sendable {
    let files: CatalogFiles
    package let overrideRules: OverrideRules
    private let state = Mutex(State())

    struct State {
        var documents: [String: Result<Definition, CatalogError>] = [:]
        var integrations: [String: Result<Integration, CatalogError>] = [:]
        var models: [String: Result<UnifiedModel, CatalogError>] = [:]
        var plans = PlanCache<PlanKey, MethodPlan>(limit: 64 << 20)
        var variants = PlanCache<VariantKey, Integration>(limit: 32 << 20)
    }

    /// The definitions inside the binary, with the files of `folders` over them: the last folder wins.
    ///
    /// - Throws: `unreadable` where a folder cannot be read.
    package convenience init(folders: [String] = [], overrides: OverrideRules = OverrideRules()) throws(CatalogError) {
        var files = CatalogFiles.embedded
        for folder in folders { try files.add(folder: folder) }
        self.init(files: files, overrides: overrides)
    }

    package init(files: CatalogFiles, overrides: OverrideRules = OverrideRules()) {
        self.files = files
        modelNames = files.modelNames
        integrationNames = files.integrationNames
        overrideRules = overrides
    }

    /// Names of all unified models, sorted.
    package let modelNames: [String]

    /// Names of all integrations, sorted.
    package let integrationNames: [String]

    /// A unified model without overrides.
    ///
    /// - Throws: `unknownModel`, `invalidDefinition`.
    package func model(_ name: String) throws(CatalogError) -> UnifiedModel {
        if let known = state.withLock({ $0.models[name] }) { return try known.get() }
        let result = Result { () throws(CatalogError) in
            try UnifiedModel(name: name, decoding: document(modelFile(name)))
        }
        state.withLock { $0.models[name] = result }
        return try result.get()
    }

    /// A unified model as an environment has it.
    ///
    /// - Parameter override: nil changes nothing.
    /// - Throws: `unknownModel`, `invalidDefinition`.
    func model(_ name: String, overriddenBy override: JSONValue?) throws(CatalogError) -> UnifiedModel {
        guard let override else { return try model(name) }
        let definition = try document(modelFile(name)).overridden(
            by: override, keepingLines: false, seesSecrets: overrideRules.maySeeSecrets)
        return try UnifiedModel(name: name, decoding: definition)
    }

    /// An integration without overrides.
    ///
    /// - Throws: `unknownIntegration`, `invalidDefinition`.
    package func integration(_ name: String) throws(CatalogError) -> Integration {
        if let known = state.withLock({ $0.integrations[name] }) { return try known.get() }
        let result = Result { () throws(CatalogError) in
            try Integration(name: name, decoding: document(integrationFile(name)), hosts: overrideRules.hosts)
        }
        state.withLock { $0.integrations[name] = result }
        return try result.get()
    }

    /// An integration with an environment's and an account's changes: for connecting, and for calls without a model.
    ///
    /// - Throws: `unknownIntegration`, `invalidDefinition`.
    package func integration(
        _ name: String, environmentOverrides: Overrides?, accountOverrides: Overrides?
    ) throws(CatalogError) -> Integration {
        let environment = environmentOverrides.flatMap { $0.integration == nil ? nil : $0 }
        let account = accountOverrides.flatMap { $0.integration == nil ? nil : $0 }
        if environment == nil, account == nil { return try integration(name) }
        let key = VariantKey(integration: name, environment: OverrideVersion(environment), account: OverrideVersion(account))
        if let known = state.withLock({ $0.variants[key] }) { return known }
        let layers = [environment, account].compactMap { $0?.integration }
        let fresh = try integration(name, overriddenBy: layers)
        let cost = PlanWeight.of([environment, account])
        state.withLock { state in
            state.variants.removeAll { $0.isReplaced(by: key) }
            state.variants.put(fresh, key, cost: cost)
        }
        return fresh
    }

    /// - Throws: `unknownIntegration`, `invalidDefinition`.
    func integration(_ name: String, overriddenBy layers: [JSONValue]) throws(CatalogError) -> Integration {
        var definition = try document(integrationFile(name))
        for layer in layers {
            definition = definition.overridden(
                by: layer, keepingLines: false, seesSecrets: overrideRules.maySeeSecrets
            )
        }
        return try Integration(name: name, decoding: definition, over: try integration(name))
    }

    /// The compiled plan of one unified method for one account.
    ///
    /// Made at the first call and kept; an override with a new version makes a new one and drops those of the old. They
    /// are kept by their size in memory.
    ///
    /// - Throws: `unknownModel`, `unknownResource`, `unknownMethod`, `unknownIntegration`, `notMapped`,
    ///   `invalidDefinition`.
    package func plan(
        model: String, resource: String, method: String, integration: String, environmentOverrides: Overrides? = nil,
        accountOverrides: Overrides? = nil
    ) throws(CatalogError) -> MethodPlan {
        let key = PlanKey(model, resource, method, integration, environmentOverrides, accountOverrides)
        if let known = state.withLock({ $0.plans[key] }) { return known }
        let environment = environmentOverrides.flatMap { $0.isEmpty ? nil : $0 }
        let account = accountOverrides.flatMap { $0.isEmpty ? nil : $0 }
        let builder = PlanBuilder(
            catalog: self, model: model, resource: resource, method: method, integration: integration,
            environment: environment, account: account
        )
        let fresh = try builder.build()
        let cost = PlanWeight.of([environment, account])
        state.withLock { state in
            state.plans.removeAll { $0.isReplaced(by: key) }
            state.plans.put(fresh, key, cost: cost)
        }
        return fresh
    }

    /// As `plan`, of those that have been made already.
    package func knownPlan(
        model: String, resource: String, method: String, integration: String, environmentOverrides: Overrides?,
        accountOverrides: Overrides?
    ) -> MethodPlan? {
        let key = PlanKey(model, resource, method, integration, environmentOverrides, accountOverrides)
        return state.withLock { $0.plans[key] }
    }

    /// Methods of a model that an integration has a mapping for, by resource.
    ///
    /// - Throws: `unknownIntegration`, `invalidDefinition`.
    package func mappedMethods(model: String, integration: String) throws(CatalogError) -> [String: [String]] {
        guard files.integration(integration) != nil else { throw .unknown(integration: integration, in: self) }
        guard let file = files.mapping(model: model, integration: integration) else { return [:] }
        let resources = try document(file).value["resources"]?.object ?? [:]
        return Dictionary(
            resources.elements.map { ($0.key, $0.value.object?.keys ?? []) }, uniquingKeysWith: { a, _ in a }
        )
    }

    /// A file parsed and checked against its shape, once.
    func document(_ path: String) throws(CatalogError) -> Definition {
        if let known = state.withLock({ $0.documents[path] }) { return try known.get() }
        let result = Result { () throws(CatalogError) in
            let definition = try Definition(file: files.displayName(path), text: files[path] ?? "")
            try CatalogShapes.shape(ofFile: path)?.require(definition)
            return definition
        }
        state.withLock { $0.documents[path] = result }
        return try result.get()
    }

    func modelFile(_ name: String) throws(CatalogError) -> String {
        guard let file = files.model(name) else {
            throw CatalogError(
                .unknownModel, "no unified model '\(name)'" + DidYouMean.hint(name, among: modelNames)
            )
        }
        return file
    }

    func integrationFile(_ name: String) throws(CatalogError) -> String {
        guard let file = files.integration(name) else { throw .unknown(integration: name, in: self) }
        return file
    }
}

extension CatalogError {
    static func unknown(integration: String, in catalog: Catalog) -> CatalogError {
        CatalogError(
            .unknownIntegration,
            "no integration '\(integration)'" + DidYouMean.hint(integration, among: catalog.integrationNames)
        )
    }
}
