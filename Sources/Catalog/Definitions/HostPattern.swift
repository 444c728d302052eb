/// A host, or all hosts below one: `api.example.com`, `*.example.com`.
package struct HostPattern: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text.lowercased() }

    /// Whether a host is meant. `*` stands for one label or more, never for none.
    package func matches(_ host: String) -> Bool {
        let host = host.lowercased()
        guard text.hasPrefix("*.") else { return host == text }
        let suffix = text.dropFirst()
        return host.hasSuffix(suffix) && host.utf8.count > suffix.utf8.count && !host.hasPrefix(".")
    }

    /// Why the pattern cannot be used; nil where it can. A wildcard needs two labels below it, since `*.com` is everybody.
    var fault: String? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isWild = labels.first == "*"
        let plain = isWild ? labels.dropFirst() : labels[...]
        guard plain.allSatisfy({ !$0.isEmpty && !$0.contains("*") && !$0.contains("/") && !$0.contains(":") }) else {
            return "expected a host such as api.example.com or *.example.com, found '\(text)'"
        }
        return isWild && plain.count < 2 ? "'\(text)' takes in hosts of other owners" : nil
    }
}
