import FoundationEssentials
import Yams

/// The settings file, as the values of each setting.
struct SettingsFile: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        var texts: [String]
        /// `FILE:LINE`.
        var place: String
    }

    private var entries: [Setting: Entry]

    static let empty = SettingsFile(entries: [:])

    private init(entries: [Setting: Entry]) { self.entries = entries }

    subscript(setting: Setting) -> [String]? { entries[setting]?.texts }

    func place(of setting: Setting) -> String? { entries[setting]?.place }

    static func read(_ path: String) throws(CommandError) -> SettingsFile {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { throw CommandError("Cannot read the settings file \(path)", do: "Give the path of a YAML file") }
        return try SettingsFile(text, name: path)
    }

    /// Reads YAML in which settings are nested by their dots.
    ///
    /// - Throws: a `CommandError` that names file, line and key of what is no setting.
    init(_ text: String, name: String) throws(CommandError) {
        entries = [:]
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw CommandError("\(name) is no YAML: \(error)", do: "Correct it there")
        }
        guard let root, root.null == nil else { return }
        guard root.mapping != nil else { throw CommandError("\(name) must be a mapping of settings") }
        try add(root, at: "", in: name, line: 1)
    }

    private mutating func add(_ node: Node, at path: String, in file: String, line: Int) throws(CommandError) {
        if let mapping = node.mapping {
            for (key, value) in mapping {
                let name = key.string ?? ""
                try add(value, at: path.isEmpty ? name : "\(path).\(name)", in: file, line: key.mark?.line ?? line)
            }
            return
        }
        // A section whose settings are all commented out.
        if node.null != nil { return }
        let place = "\(file):\(line)"
        guard let setting = Setting(rawValue: path) else {
            throw CommandError("\(place): there is no setting '\(path)'", do: "See docs/attache.example.yaml")
        }
        guard setting.isAllowedInFile else {
            throw CommandError("\(place): \(path) must not be in a file", do: "Set \(setting.variable) instead")
        }
        let texts = node.sequence.map { $0.map(\.scalar?.string) } ?? [node.scalar?.string]
        let plain = try texts.map { (text) throws(CommandError) in
            guard let text else { throw CommandError("\(place): \(path) must be a plain value") }
            return text
        }
        entries[setting] = Entry(texts: plain, place: place)
    }
}
