/// Checks the calls of an integration, each by itself.
struct MethodLint {
    let integration: Integration
    let definition: Definition

    func check(report: (DefinitionFault) -> Void) {
        for (resource, methods) in integration.resources {
            for (name, method) in methods.methods {
                let place = ["resources", resource, name]
                func fault(_ key: String, _ message: String) { report(definition.fault(place + [key], message)) }
                if ["get", "delete"].contains(name), !readsID(method) {
                    fault("path", "a call for one record does not read {{id}}")
                }
                let steps = Set(method.path.placeholders.flatMap { $0.paths.compactMap(\.last) })
                for name in method.pathSlashes.subtracting(steps).sorted() {
                    fault("path_slashes", "the path has no placeholder '\(name)'" + DidYouMean.hint(name, among: steps.sorted()))
                }
                if !method.xmlArrays.isEmpty, method.providerFormat != .xml {
                    fault("xml_arrays", "says something only where api_response_format is xml")
                }
                if let limit = method.maxBodySize, let file = method.maxFileSize, file > limit {
                    fault("max_file_size", "is more than max_body_size")
                }
                for (at, type) in method.refusedTypes.enumerated() where method.acceptedTypes.contains(type) {
                    fault("refused_types.\(at)", "'\(type)' is among accepted_types too")
                }
                if method.isAuthorizedAtOwnHosts, method.url == nil {
                    fault("auth", "says something only beside 'url'; any other call goes to a host of the definition")
                }
                if method.isAuthorizedAtOwnHosts, method.noAuth { fault("auth", "says nothing beside 'no_auth: true'") }
                if method.url?.placeholders.isEmpty == false, method.url?.constant == nil, method.baseURL != nil {
                    fault("base_url", "says nothing beside 'url'")
                }
            }
        }
    }

    /// Providers that take the id elsewhere have a body or a query that says so, or give a list to pick one from.
    private func readsID(_ method: IntegrationMethod) -> Bool {
        method.path.placeholders.contains { $0.paths.contains(["id"]) } || method.body != nil || method.query != nil
            || method.url != nil || method.responsePath?.source.contains("$id") == true
    }
}
