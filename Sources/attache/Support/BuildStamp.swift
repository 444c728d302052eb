import Gateway

/// Which program this is. The plugin `StampBuild` writes `commit`.
enum BuildStamp {
    /// `0.1.0 (d2a9b5a, 2026-11-28)`, or the version alone where the commit is not known.
    static var version: String { describe(AttacheVersion.current, commit: commit) }

    static func describe(_ version: String, commit: String) -> String {
        commit.isEmpty ? version : "\(version) (\(commit))"
    }
}
