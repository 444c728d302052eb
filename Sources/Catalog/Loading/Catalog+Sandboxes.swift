package import JSON

/// The file of a sandbox, `integrations/<vendor>/sandbox.yaml`, as a document.
package struct SandboxFile: Sendable {
    package let vendor: String
    package var document: JSONValue { definition.value }
    private let definition: Definition

    init(vendor: String, definition: Definition) {
        self.vendor = vendor
        self.definition = definition
    }

    /// A fault at a place of the file, with its line.
    package func fault(_ path: [String], _ message: String) -> DefinitionFault { definition.fault(path, message) }
}

extension Catalog {
    /// Names of the integrations that have a sandbox, sorted.
    package var sandboxNames: [String] {
        integrationNames.filter { files[Self.sandboxPath($0)] != nil }
    }

    /// - Throws: `unknownIntegration` where there is no sandbox of that name, `invalidDefinition` where it is not YAML.
    package func sandbox(_ vendor: String) throws(CatalogError) -> SandboxFile {
        let path = Self.sandboxPath(vendor)
        guard let text = files[path] else {
            let hint = DidYouMean.hint(vendor, among: sandboxNames)
            throw CatalogError(.unknownIntegration, "there is no sandbox of '\(vendor)'" + hint)
        }
        return SandboxFile(vendor: vendor, definition: try Definition(file: files.displayName(path), text: text))
    }

    /// An integration's file as a document.
    ///
    /// - Throws: `unknownIntegration`, `invalidDefinition`.
    package func integrationDocument(_ name: String) throws(CatalogError) -> JSONValue {
        try document(integrationFile(name)).value
    }

    private static func sandboxPath(_ vendor: String) -> String { "integrations/\(vendor)/sandbox.yaml" }
}

extension CatalogFiles {
    /// Whether a path is that of a sandbox's file, whose language is not that of definitions.
    static func isSandbox(_ path: String) -> Bool {
        path.hasPrefix("integrations/") && path.hasSuffix("/sandbox.yaml")
    }
}
