import Catalog
import JSON

/// Gives a unified record the shape the caller asked for (docs/wire.md#responses).
struct RecordShape {
    let format: ResponseFormat
    let ignoreRemoteData: Bool
    let excluded: Set<String>
    let schema: ResourceSchema

    init(_ parameters: CommonParameters, schema: ResourceSchema) {
        format = parameters.format
        ignoreRemoteData = parameters.ignoreRemoteData
        excluded = parameters.excludedFields
        self.schema = schema
    }

    /// For records that were changed after they were mapped; `RecordWriter` does the same to those that were not.
    func apply(_ record: JSONObject) -> JSONObject {
        var shaped = format == .normalized ? normalized(record) : record
        if ignoreRemoteData { shaped["remote_data"] = nil }
        for name in excluded { shaped[name] = nil }
        return shaped
    }

    /// Whether records in this shape have the field, if it was mapped.
    func shows(_ name: String) -> Bool {
        if format == .normalized { return normalizedFields.contains(name) }
        return !excluded.contains(name) && !(ignoreRemoteData && name == "remote_data")
    }

    /// What a normalized record has, in the order of the schema.
    var normalizedFields: [String] {
        schema.properties.map(\.name).filter { $0 != "remote_data" && !excluded.contains($0) }
    }

    /// Every field of the schema in its order, null where the record has none; nothing else.
    private func normalized(_ record: JSONObject) -> JSONObject {
        var shaped: JSONObject = [:]
        for (name, _) in schema.properties where name != "remote_data" {
            shaped[name] = record[name] ?? .null
        }
        return shaped
    }
}
