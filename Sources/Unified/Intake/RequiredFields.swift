import Catalog

/// Which fields of a form must have come before its file, because the request to the provider is made of them.
struct RequiredFields: Sendable {
    /// nil: that cannot be known, so every field counts.
    private let names: Set<String>?

    init(_ plan: MethodPlan) { self.init(plan.bodyMembersRead) }

    /// - Parameter mapped: members of the body that the mapping reads; nil where that cannot be known.
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
    /// A file has come when this is asked, so a `file_url` behind it is a fault wherever it stands. Of a parameter with
    /// several forms `candidate_id` goes before the others, which then say nothing new.
    ///
    /// - Parameters:
    ///   - fields: names as sent.
    ///   - given: those of them that have a value.
    func areAll(among fields: [String], given: [String]) -> Bool {
        guard var open = names else { return false }
        open.subtract(["file", "file_url"])
        open.subtract(fields.map(Self.root))
        for name in given where name.hasSuffix("_id") {
            let owner = String(name.dropLast(3))
            open.subtract([owner, owner + ".id"])
        }
        return open.isEmpty
    }

    private static func root(_ field: String) -> String { String(field.prefix { $0 != "[" }) }
}
