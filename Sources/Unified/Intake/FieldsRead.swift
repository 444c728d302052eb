import Catalog

/// Which fields of a form must have come before its file, because the request to the provider is made of them.
struct FieldsRead: Sendable {
    /// nil: it cannot be told, so every field counts.
    private let names: Set<String>?

    init(_ plan: MethodPlan) {
        // These go into the outgoing request whatever the mapping does.
        let always: Set<String> = ["remote_data", "file_name", "content_type", "file_url"]
        names = plan.bodyMembersRead.map { $0.union(always) }
    }

    /// - Parameter field: a field's name as sent, such as `candidate[id]`.
    func contains(_ field: String) -> Bool {
        guard let names else { return true }
        return names.contains(String(field.prefix { $0 != "[" }))
    }
}
