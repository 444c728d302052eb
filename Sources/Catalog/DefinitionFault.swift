/// One thing wrong with a definition, at its place.
package struct DefinitionFault: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it; `override` for overrides that come from no file.
    package var file: String
    /// Counted from 1; nil where the document has no lines (overrides).
    package var line: Int?
    /// Where in the document: `resources.files.list.path`; empty for the document itself.
    package var path: String
    package var message: String
    /// Worth knowing, and no reason to refuse the definition.
    package var isWarning = false

    package init(file: String, line: Int?, path: String, message: String) {
        self.file = file
        self.line = line
        self.path = path
        self.message = message
    }

    /// `file:line: path: what`.
    package var description: String {
        file + (line.map { ":\($0)" } ?? "") + ": " + (isWarning ? "warning: " : "")
            + (path.isEmpty ? "" : path + ": ") + message
    }
}
