package import JSON

/// The calls that there are, by model, resource and method: what a token's scope or an override may name.
package struct CallNames: Sendable {
    private struct Resource: Sendable {
        var name: String
        var methods: [String]
    }

    private let models: [(name: String, resources: [Resource])]

    /// - Parameter overrides: of an environment's models, which may add resources and methods, by the model's name.
    /// - Throws: `invalidDefinition`.
    package init(_ catalog: Catalog, overrides: [String: JSONObject] = [:]) throws(CatalogError) {
        var models: [(name: String, resources: [Resource])] = []
        for name in catalog.modelNames {
            let model = try catalog.model(name, overriddenBy: overrides[name].map(JSONValue.object))
            let resources = model.resourceNames.map { Resource(name: $0, methods: model.resources[$0]?.methodNames ?? []) }
            models.append((name, resources))
        }
        self.models = models
    }

    /// Refuses names that no call has.
    ///
    /// nil means any.
    ///
    /// - Throws: `unknownModel`, `unknownResource`, `unknownMethod`, each with the names that there are.
    package func require(model: String?, resource: String? = nil, method: String? = nil) throws(CatalogError) {
        let wanted = models.filter { model == nil || $0.name == model }
        if let model, wanted.isEmpty { throw Self.unknown(.unknownModel, "unified model", model, among: models.map(\.name)) }
        let among = wanted.flatMap(\.resources)
        let resources = among.filter { resource == nil || $0.name == resource }
        if let resource, resources.isEmpty {
            throw Self.unknown(.unknownResource, "resource", resource, of: model, among: among.map(\.name))
        }
        guard let method, !resources.contains(where: { $0.methods.contains(method) }) else { return }
        let place = [model, resource].compactMap(\.self).joined(separator: "/")
        throw Self.unknown(
            .unknownMethod, "method", method, of: place.isEmpty ? nil : place, among: Set(resources.flatMap(\.methods)).sorted())
    }

    /// Refuses mappings of what no call has: `{resource: {method: {…}}}`. Null, which removes what was there, is let by.
    func require(mapped resources: JSONValue, of model: String) throws(CatalogError) {
        guard let resources = resources.object else { return }
        try require(model: model)
        for (resource, methods) in resources {
            guard let methods = methods.object else { continue }
            try require(model: model, resource: resource)
            for (method, mapping) in methods where !mapping.isNull {
                try require(model: model, resource: resource, method: method)
            }
        }
    }

    private static func unknown(
        _ code: CatalogError.Code, _ kind: String, _ name: String, of place: String? = nil, among names: [String]
    ) -> CatalogError {
        let what = "there is no \(kind) '\(name)'" + (place.map { " of \($0)" } ?? "")
        let others = names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"
        return CatalogError(code, what + DidYouMean.hint(name, among: names) + "; " + others)
    }
}
