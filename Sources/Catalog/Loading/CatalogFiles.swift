#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Definition files by their path below the catalog's root.
///
/// `unified/<model>.yaml`, `integrations/<vendor>/integration.yaml`, `integrations/<vendor>/<model>.yaml`,
/// `integrations/<vendor>/examples/*.json`.
package struct CatalogFiles: Sendable {
    struct File: Sendable {
        var text: String
        /// As the user knows it: `DIR/unified/ats.yaml`, or `catalog/…` for a built-in one.
        var displayName: String
    }

    private(set) var files: [String: File] = [:]

    package init() {}

    /// Files given as text, by path.
    package init(texts: [String: String]) {
        for (path, text) in texts { files[path] = File(text: text, displayName: path) }
    }

    /// Adds files given as text, by path; one with the path of a known one replaces it.
    package mutating func add(texts: [String: String]) { files.merge(CatalogFiles(texts: texts).files) { $1 } }

    /// What the binary carries.
    package static let embedded: CatalogFiles = {
        var files = CatalogFiles()
        for (path, text) in EmbeddedFiles.all {
            files.files[path] = File(text: text, displayName: "catalog/" + path)
        }
        return files
    }()

    /// Adds every `.yaml`, `.yml` and `.json` file below a folder; a file with the path of a known one replaces it.
    ///
    /// The folder has the catalog's layout, or is one integration's own (`integration.yaml` at its top). What lies in
    /// hidden folders is left alone.
    ///
    /// - Throws: `unreadable`, also for a folder without any definition: it is the wrong one.
    package mutating func add(folder: String) throws(CatalogError) {
        let manager = FileManager.default
        guard let paths = try? manager.subpathsOfDirectory(atPath: folder) else {
            throw CatalogError(.unreadable, "cannot read the folder \(folder)")
        }
        let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var prefix = ""
        if ["yaml", "yml"].contains(where: { manager.fileExists(atPath: "\(root)/integration.\($0)") }) {
            prefix = "integrations/\(URL(fileURLWithPath: root).standardizedFileURL.lastPathComponent)/"
        }
        var holdsDefinitions = false
        for path in paths {
            guard [".yaml", ".yml", ".json"].contains(where: path.hasSuffix),
                !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { continue }
            guard let text = try? String(contentsOfFile: root + "/" + path, encoding: .utf8) else {
                throw CatalogError(.unreadable, "\(root)/\(path) cannot be read as UTF-8 text")
            }
            let key = path.hasSuffix(".yml") ? String(path.dropLast(3)) + "yaml" : path
            files[prefix + key] = File(text: text, displayName: root + "/" + path)
            if ["unified/", "integrations/"].contains(where: (prefix + key).hasPrefix) { holdsDefinitions = true }
        }
        guard holdsDefinitions else { throw CatalogError(.unreadable, "there is no definition in the folder \(folder)") }
    }

    package var paths: [String] { files.keys.sorted() }

    package subscript(path: String) -> String? { files[path]?.text }

    func displayName(_ path: String) -> String { files[path]?.displayName ?? path }

    var modelNames: [String] {
        files.keys.compactMap { path in
            let parts = path.split(separator: "/")
            guard parts.count == 2, parts[0] == "unified", parts[1].hasSuffix(".yaml") else { return nil }
            return String(parts[1].dropLast(5))
        }.sorted()
    }

    var integrationNames: [String] {
        files.keys.compactMap { path in
            let parts = path.split(separator: "/")
            guard parts.count == 3, parts[0] == "integrations", parts[2] == "integration.yaml" else { return nil }
            return String(parts[1])
        }.sorted()
    }

    func model(_ name: String) -> String? { existing("unified/\(name).yaml") }
    func integration(_ name: String) -> String? { existing("integrations/\(name)/integration.yaml") }
    func mapping(model: String, integration: String) -> String? { existing("integrations/\(integration)/\(model).yaml") }

    /// Whether a path is that of a contract example.
    static func isExample(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == 4 && parts[0] == "integrations" && parts[2] == "examples" && path.hasSuffix(".json")
    }

    /// Paths of an integration's contract examples, sorted.
    func examples(of integration: String) -> [String] {
        paths.filter { $0.hasPrefix("integrations/\(integration)/") && Self.isExample($0) }
    }

    private func existing(_ path: String) -> String? { files[path] == nil ? nil : path }
}
