import Catalog

/// Which fields of a form must have come before its file, because the request to the provider is made of them.
struct FieldsRead: Sendable {
    /// nil: it cannot be told, so every field counts.
    private let names: Set<String>?

    init(_ plan: MethodPlan) { self.init(plan.bodyMembersRead) }

    /// - Parameter mapped: members of the body that the mapping reads; nil where it cannot be told.
    init(_ mapped: Set<String>?) {
        // These go into the outgoing request whatever the mapping does.
        let always: Set<String> = ["remote_data", "file_name", "content_type", "file_url"]
        names = mapped.map { $0.union(always) }
    }

    /// - Parameter field: a field's name as sent, such as `candidate[id]`.
    func contains(_ field: String) -> Bool {
        guard let names else { return true }
        return names.contains(Self.root(field))
    }

    /// Whether nothing that comes behind these fields can change the request: all that it is made of is among them.
    ///
    /// A file has come when this is asked, so a `file_url` behind it is a fault wherever it stands.
    func areAll(among fields: [String]) -> Bool {
        guard let names else { return false }
        return names.subtracting(["file", "file_url"]).isSubset(of: fields.map(Self.root))
    }

    private static func root(_ field: String) -> String { String(field.prefix { $0 != "[" }) }
}
