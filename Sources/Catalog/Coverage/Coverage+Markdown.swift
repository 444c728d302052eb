extension Coverage {
    /// The page `docs/coverage.md`.
    package func markdown(_ catalog: Catalog) -> String {
        var lines = [
            "# Coverage",
            "",
            "What each built-in integration offers. This page is made by `attache catalog coverage --markdown`.",
            "",
            "**yes**: documented by the vendor. *inferred*: something about it rests on inference; the definition says what.",
            "–: not offered; the call gets a 404 `method_not_supported`.",
            "",
        ]
        for resource in resources {
            let methods = self.methods(of: resource)
            lines += ["## \(resource)", ""]
            lines.append("| integration | " + methods.joined(separator: " | ") + " | upload | largest file | types |")
            lines.append("|" + String(repeating: "---|", count: methods.count + 4))
            for integration in integrations {
                let own = entries.filter { $0.integration == integration && $0.resource == resource }
                guard !own.isEmpty else { continue }
                let cells = methods.map { method in
                    own.first { $0.method == method }.map { $0.isDocumented ? "**yes**" : "*inferred*" } ?? "–"
                }
                let label = (try? catalog.integration(integration).label) ?? integration
                let upload = own.first { $0.upload != nil }
                lines.append(
                    "| \(label) (`\(integration)`) | " + cells.joined(separator: " | ")
                        + " | \(upload?.upload ?? "–") | \(Self.size(upload)) | \(Self.types(upload)) |")
            }
            lines.append("")
        }
        let inferred = entries.filter { !$0.isDocumented }
        if !inferred.isEmpty {
            lines += ["## What is inferred", ""]
            lines += inferred.map { entry in
                "- `\(entry.integration)` \(entry.resource).\(entry.method): " + entry.reasons.joined(separator: " ")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// In the order in which they come first.
    package var integrations: [String] { Self.unique(entries.map(\.integration)) }
    package var resources: [String] { Self.unique(entries.map(\.resource)) }

    package func methods(of resource: String) -> [String] {
        let usual = ["list", "get", "create", "update", "delete", "download"]
        let found = Self.unique(entries.filter { $0.resource == resource }.map(\.method))
        return usual.filter(found.contains) + found.filter { !usual.contains($0) }
    }

    private static func size(_ entry: Entry?) -> String {
        guard let entry else { return "–" }
        return entry.maxFileSize.map(ByteSize.text) ?? "not stated"
    }

    private static func types(_ entry: Entry?) -> String {
        guard let types = entry?.acceptedTypes else { return "–" }
        let refused = entry?.refusedTypes ?? []
        return (types.isEmpty ? "any" : types.joined(separator: " "))
            + (refused.isEmpty ? "" : " but " + refused.joined(separator: " "))
    }

    /// Each once, in the order in which they come first.
    static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
