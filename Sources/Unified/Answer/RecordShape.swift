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

    func apply(_ record: JSONObject) -> JSONObject {
        var shaped = format == .normalized ? normalized(record) : record
        if ignoreRemoteData { shaped["remote_data"] = nil }
        for name in excluded { shaped[name] = nil }
        return shaped
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
