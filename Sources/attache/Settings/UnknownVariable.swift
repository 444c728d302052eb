import Catalog

/// A variable of the environment that begins like a setting's and is none: most likely a slip, which would otherwise go
/// without a word.
struct UnknownVariable: Sendable, Hashable, CustomStringConvertible {
    var name: String
    /// The setting that was probably meant.
    var suggestion: String?

    var description: String {
        "there is no setting \(name)" + (suggestion.map { " (did you mean \($0)?)" } ?? "")
    }

    static func all(in environment: [String: String]) -> [UnknownVariable] {
        let settings = Setting.allCases.map(\.variable) + ["ATTACHE_CONFIG"]
        return environment.keys.sorted()
            .filter { $0.hasPrefix("ATTACHE_") && !settings.contains($0) && !isOthers($0) }
            .map { UnknownVariable(name: $0, suggestion: DidYouMean.nearest($0, among: settings)) }
    }

    /// What other commands, the project's scripts, and Kubernetes set.
    private static func isOthers(_ name: String) -> Bool {
        let ours = ["URL", "TOKEN", "ACCOUNT", "CANDIDATE", "SANDBOX", "STRICT", "SCREENSHOTS", "JSONATA_SUITE"]
        let prefixes = [
            "TEST_", "FUZZ_", "BENCH_",
            // Kubernetes tells every container of a service of that name by such variables.
            "SERVICE_", "PORT_",
        ]
        let rest = name.dropFirst("ATTACHE_".count)
        return ours.contains { $0 == rest } || prefixes.contains { rest.hasPrefix($0) }
    }
}
