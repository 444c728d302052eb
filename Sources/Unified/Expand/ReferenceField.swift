import JSON

/// A field whose references are to be filled, and what the `get` of its resource needs beside the id.
struct ReferenceField: Sendable {
    /// Where a record says a parameter of the `get`.
    enum Source: Sendable, Hashable {
        /// The caller's query has it.
        case given(JSONValue)
        /// The id of the record itself.
        case ownID
        /// The id of another reference of the record.
        case field(String)
    }

    let name: String
    /// The resource that the references point to.
    let resource: String
    /// Parameters that the `get` needs: one of each group, from the first source that has it.
    let needs: [[(parameter: String, source: Source)]]

    init(name: String, resource: String, needs: [[(parameter: String, source: Source)]] = []) {
        self.name = name
        self.resource = resource
        self.needs = needs
    }

    /// - Parameters:
    ///   - owner: the resource whose records have the field.
    ///   - target: the resource that it refers to.
    ///   - required: groups of parameters of which the target's `get` needs one each.
    ///   - query: the caller's.
    init(_ name: String, of owner: Referrer, to target: Referrer, required: [[String]], query: JSONObject) {
        self.name = name
        resource = target.resource
        needs = required.map { group in
            group.compactMap { parameter in
                if let value = query[parameter] { return (parameter, .given(value)) }
                guard parameter.hasSuffix("_id") else { return nil }
                let field = String(parameter.dropLast(3))
                if target.references.contains(where: { $0 == (field, owner.resource) }) { return (parameter, .ownID) }
                return owner.references.contains { $0.field == field } ? (parameter, .field(field)) : nil
            }
        }
    }

    /// A resource, and which of its fields refer to which resources.
    struct Referrer {
        let resource: String
        let references: [(field: String, resource: String)]
    }

    /// The query of the `get` for a reference in `record`; a group of which the record has none is left out.
    func query(for record: JSONValue) -> JSONObject {
        var query: JSONObject = [:]
        for group in needs {
            for (parameter, source) in group {
                let value: JSONValue? =
                    switch source {
                    case .given(let value): value
                    case .ownID: record["id"]
                    case .field(let name): record[name]?["id"]
                    }
                guard let value, !value.isNull else { continue }
                query[parameter] = value
                break
            }
        }
        return query
    }
}
