/// Where the database is: `sqlite:PATH`, a bare path, or `postgres://…`.
package struct DatabaseLocation: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case sqlite(path: String)
        case postgres(url: String)
    }

    let kind: Kind

    /// A SQLite file at `path`; made when it does not exist.
    package static func sqlite(path: String) -> Self { Self(kind: .sqlite(path: path)) }

    private init(kind: Kind) { self.kind = kind }

    /// Reads the text of `--database`. Nil where the scheme is unknown or the path is empty.
    package init?(_ text: String) {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self.init(kind: .postgres(url: text))
            return
        }
        let path = text.hasPrefix("sqlite:") ? String(text.dropFirst("sqlite:".count)) : text
        guard !path.isEmpty, !path.contains("://") else { return nil }
        self.init(kind: .sqlite(path: path))
    }
}

extension DatabaseLocation: CustomStringConvertible, CustomReflectable {
    /// Without what may hold a password.
    package var description: String {
        switch kind {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres: "postgres://…"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The path of the database's file; nil for a server.
    package var file: String? {
        if case .sqlite(let path) = kind { path } else { nil }
    }
}
