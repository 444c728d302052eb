/// The shapes of the definition files.
enum CatalogShapes {
    /// The shape of a file by its path; nil for files that are no definitions.
    static func shape(ofFile path: String) -> Shape? {
        let parts = path.split(separator: "/")
        guard path.hasSuffix(".yaml") else { return nil }
        if parts.count == 2, parts[0] == "unified" { return unifiedModel }
        guard parts.count == 3, parts[0] == "integrations" else { return nil }
        // Another language, checked by those who run it.
        if CatalogFiles.isSandbox(path) { return .any }
        return parts[2] == "integration.yaml" ? integration : mappingFile
    }

    /// `status` lists and other names of statuses.
    static let statuses = Shape.list(.integer(100...599))
    static let positive = Shape.integer(1...Int.max)
    static let headers = Shape.map(.template, nullable: true)
}
