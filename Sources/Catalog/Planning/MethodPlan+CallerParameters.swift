import JSONata

extension MethodPlan {
    /// Names of what a caller can send to give a placeholder of the definition its value.
    ///
    /// A placeholder reads what a mapping made: `{{query.posting_id}}` may come of the caller's `job_id`. Names inside a
    /// definition mean nothing to a caller. Empty where it is not the caller's to give, but the account's.
    package func callerParameters(behind placeholder: String) -> [String] {
        let path = placeholder.prefix { !"|:, ".contains($0) }.split(separator: ".")
        switch path.first {
        case "id": return ["id"]
        case "query": return named(readBy: mapping.sources.map(\.steps.query) + [mapping.steps.query, accountQueryMapping], path)
        case "body": return named(readBy: mapping.sources.map(\.steps.body) + [mapping.steps.body], path)
        case "before": return identifying(declaredParameters)
        default: return []
        }
    }

    private var declaredParameters: [String] {
        var seen: Set<String> = []
        return (unifiedMethod.query + unifiedMethod.body).map(\.name).filter { seen.insert($0).inserted }
    }

    private func named(readBy mappings: [MappingExpression?], _ path: [Substring]) -> [String] {
        let expressions = mappings.compactMap(\.self)
        // Without a mapping the caller's own member goes where the placeholder looks.
        if expressions.isEmpty { return path.count > 1 ? [String(path[1])] : declaredParameters }
        var read: Set<String> = []
        for expression in expressions {
            guard let compiled = try? expression.expression() else { continue }
            for root in ["query", "body", "params", "rawQuery"] {
                read.formUnion(compiled.membersRead(of: root) ?? Set(declaredParameters))
            }
        }
        let known = declaredParameters.filter { read.contains($0) }
        return identifying(known.isEmpty ? declaredParameters : known)
    }

    /// Of several names those that say which record is meant, as only those can end in an address.
    private func identifying(_ names: [String]) -> [String] {
        let ids = names.filter { $0.hasSuffix("_id") || $0 == "id" || $0 == "file_url" }
        return ids.isEmpty ? names : ids
    }
}
