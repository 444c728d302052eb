package import JSON

/// Names with brackets, `candidate[id]`, `a[]`, `a[0][b]`, as a tree: the rules of the `qs` library, for query strings
/// and for the fields of a form.
package enum NestedFields {
    /// The tree that the fields make, in the order in which names first appear.
    ///
    /// A repeated name makes an array. `[]` adds an item, `[0]` … `[999]` name one, holes close. A name that is both a
    /// value and a parent becomes an array of both. A name with the step `__proto__` is dropped.
    ///
    /// - Throws: `QueryError.Code.tooDeep` with more than `maxDepth` brackets in a name, `tooMany` with more than
    ///   `maxCount` fields.
    package static func tree(
        _ fields: [(name: String, value: JSONValue)], maxDepth: Int = 20, maxCount: Int = 1_000
    ) throws(QueryError) -> JSONObject {
        guard fields.count <= maxCount else { throw QueryError(.tooMany, "more than \(maxCount) parameters") }
        if let flat = flat(fields) { return flat }
        var places: [String: Int] = [:]
        var leaves: [(name: String, values: [JSONValue])] = []
        for field in fields {
            if let place = places[field.name] {
                leaves[place].values.append(field.value)
            } else {
                places[field.name] = leaves.count
                leaves.append((field.name, [field.value]))
            }
        }
        var root = FieldNode.map([])
        for (name, values) in leaves {
            let path = try FieldPath(name, maxDepth: maxDepth)
            guard !path.steps.contains(.key("__proto__")) else { continue }
            let leaf = FieldNode(values.count == 1 ? values[0] : .array(values))
            root.merge(FieldNode(path.steps[...], to: leaf))
        }
        return root.json.object ?? JSONObject()
    }

    /// Most forms are a few fields with texts and names of their own, of which none nests.
    private static func flat(_ fields: [(name: String, value: JSONValue)]) -> JSONObject? {
        guard fields.count <= 8 else { return nil }
        for at in fields.indices {
            let name = fields[at].name
            guard case .string = fields[at].value, name != "__proto__", !name.utf8.contains(UInt8(ascii: "[")) else { return nil }
            for other in 0..<at where fields[other].name == name { return nil }
        }
        return JSONObject(distinct: fields.map { (key: $0.name, value: $0.value) })
    }
}
