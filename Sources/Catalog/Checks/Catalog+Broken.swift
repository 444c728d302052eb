extension Catalog {
    /// What of the definitions could serve no call: one error for each file, vendor and mapped method that does not load.
    ///
    /// Loads everything as calls would, and compiles the expressions of files that are not those in the program. The same
    /// fault, seen from several places, counts once.
    package func brokenDefinitions() -> [CatalogError] {
        var errors: [CatalogError] = []
        var brokenFiles: Set<String> = []
        func attempt(_ body: () throws(CatalogError) -> Void) -> Bool {
            do throws(CatalogError) { try body() } catch {
                if !errors.contains(error) { errors.append(error) }
                return false
            }
            return true
        }
        for path in files.paths where path.hasSuffix(".yaml") && files[path] != CatalogFiles.embedded[path] {
            guard attempt({ () throws(CatalogError) in try self.checkExpressions(path) }) else {
                brokenFiles.insert(path)
                continue
            }
        }
        let models = modelNames.filter { name in
            !brokenFiles.contains("unified/\(name).yaml") && attempt { () throws(CatalogError) in _ = try model(name) }
        }
        for integration in integrationNames where !brokenFiles.contains("integrations/\(integration)/integration.yaml") {
            guard attempt({ () throws(CatalogError) in _ = try self.integration(integration) }) else { continue }
            for model in models where !brokenFiles.contains("integrations/\(integration)/\(model).yaml") {
                _ = attempt { () throws(CatalogError) in
                    for (resource, methods) in try mappedMethods(model: model, integration: integration) {
                        for method in methods {
                            _ = try plan(model: model, resource: resource, method: method, integration: integration)
                        }
                    }
                }
            }
        }
        return errors
    }

    private func checkExpressions(_ path: String) throws(CatalogError) {
        let definition = try document(path)
        guard let shape = CatalogShapes.shape(ofFile: path) else { return }
        var faults: [DefinitionFault] = []
        ExpressionLint(definition: definition).check(shape) { faults.append($0) }
        if !faults.isEmpty {
            throw CatalogError(.invalidDefinition, "\(definition.file) has expressions that do not compile", faults: faults)
        }
    }
}
