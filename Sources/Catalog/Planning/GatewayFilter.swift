import JSON

/// A filter of a list that the gateway carries out on mapped records, since the provider has none of its kind.
///
/// Records without the field do not pass. Of a list of values any may match. Times are compared as times, ids as they are,
/// other texts without regard to case.
package struct GatewayFilter: Sendable {
    package let name: String
    /// The way to the field in a unified record.
    let path: [String]

    /// - Returns: nil where records have no such field.
    init?(_ parameter: UnifiedMethod.Parameter, _ schema: ResourceSchema) {
        name = parameter.name
        var path = (parameter.field ?? parameter.name).split(separator: ".").map(String.init)
        // `candidate_id` is the id of the record's `candidate`.
        if parameter.field == nil, let owner = SharedParameter.owner(name), Self.schema(at: path, in: schema.json) == nil {
            path = [owner, "id"]
        }
        guard Self.schema(at: path, in: schema.json) != nil else { return nil }
        self.path = path
    }

    /// Whether the field holds ids, which are compared as they are.
    var isOfIDs: Bool { path.last == "id" || name.hasSuffix("id") }

    private static func schema(at path: [String], in schema: JSONValue) -> JSONValue? {
        var schema = schema
        for step in path {
            while let items = schema["items"] { schema = items }
            guard let next = schema["properties"]?[step] else { return nil }
            schema = next
        }
        return schema
    }
}
