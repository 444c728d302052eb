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
}
