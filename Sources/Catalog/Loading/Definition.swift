import JSON

/// One parsed definition file: its value, and the line of each part of it.
struct Definition: Sendable {
    var file: String
    var value: JSONValue
    /// Path → line, counted from 1. A key's line is that of the key, not of its value.
    var lines: [String: Int]
    /// Where `value` stands in the file, for a definition that is a part of one.
    var prefix: [String] = []
    /// The overrides that lie over it, the last one winning.
    private(set) var layers: [JSONValue] = []
    /// Every expression that an override wrote and that was read from here; nil without overrides.
    private(set) var overriddenExpressions: OverriddenExpressions?
    /// Whether the operator lets them read credentials.
    private(set) var overridesSeeSecrets = false

    init(file: String, value: JSONValue, lines: [String: Int] = [:]) {
        self.file = file
        self.value = value
        self.lines = lines
    }

    /// Reads YAML.
    ///
    /// - Throws: `invalidDefinition` with the place of a syntax error.
    init(file: String, text: String) throws(CatalogError) {
        let (value, lines) = try YAMLReader.read(text, file: file)
        self.init(file: file, value: value, lines: lines)
    }

    /// The line of a path, or of the nearest part above it.
    func line(_ path: [String]) -> Int? {
        for count in stride(from: path.count, through: 0, by: -1) {
            if let line = lines[path.prefix(count).joined(separator: ".")] { return line }
        }
        return nil
    }

    func fault(_ path: [String], _ message: String) -> DefinitionFault {
        DefinitionFault(file: file, line: line(path), path: (prefix + path).joined(separator: "."), message: message)
    }

    /// Where an expression stands, for messages.
    func place(_ path: [String]) -> String {
        file + (line(path).map { ":\($0)" } ?? "") + ": " + (prefix + path).joined(separator: ".")
    }

    /// With an override merged over it.
    func overridden(by override: JSONValue?, keepingLines: Bool = true, seesSecrets: Bool) -> Definition {
        guard let override else { return self }
        var merged = self
        merged.layers.append(override)
        merged.overridesSeeSecrets = seesSecrets
        merged.overriddenExpressions = OverriddenExpressions()
        merged.value = DeepMerge.overriding(value, with: override)
        if !keepingLines {
            merged.file += " with overrides"
            merged.lines = [:]
        }
        return merged
    }
}
