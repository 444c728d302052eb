public import JSON

/// Names with brackets, `candidate[id]`, `a[]`, `a[0][b]`, as a tree: the rules of the `qs` library, for query strings and
/// for the fields of a form.
public enum NestedFields {
    /// The tree that the fields make, in the order in which names first appear.
    ///
    /// A repeated name makes an array. `[]` adds an item, `[0]` … `[999]` name one, holes close. A name that is both a value
    /// and a parent becomes an array of both. A name with the step `__proto__` is dropped.
    ///
    /// - Throws: `FormError.Code.tooDeep` with more than `maxDepth` brackets, `tooMany` with more than `maxCount` fields.
    public static func tree(
        _ fields: [(name: String, value: JSONValue)], maxDepth: Int = 20, maxCount: Int = 1_000
    ) throws(FormError) -> JSONObject {
        guard fields.count <= maxCount else { throw FormError(.tooMany, "more than \(maxCount) parameters") }
        var values: [String: [JSONValue]] = [:]
        var names: [String] = []
        for field in fields {
            if values[field.name] == nil { names.append(field.name) }
            values[field.name, default: []].append(field.value)
        }
        var root = FieldNode.map([])
        for name in names {
            let path = try FieldPath(name, maxDepth: maxDepth)
            guard let found = values[name], !path.steps.contains(.key("__proto__")) else { continue }
            let leaf = FieldNode(found.count == 1 ? found[0] : .array(found))
            root.merge(FieldNode(path.steps[...], to: leaf))
        }
        return root.json.object ?? JSONObject()
    }
}
