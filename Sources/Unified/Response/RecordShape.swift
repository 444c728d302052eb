import Catalog
import JSON

/// The shape of unified records that the caller asked for (docs/wire.md#responses); `RecordWriter` writes them in it.
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

    /// Whether records in this shape are as they were mapped.
    var isWhole: Bool { format != .normalized && excluded.isEmpty && !ignoreRemoteData }

    /// Whether records in this shape have the field, if it was mapped.
    func shows(_ name: String) -> Bool {
        if format == .normalized { return normalizedFields.contains(name) }
        return !excluded.contains(name) && !(ignoreRemoteData && name == "remote_data")
    }

    /// What a normalized record has, in the order of the schema.
    var normalizedFields: [String] {
        schema.properties.map(\.name).filter { $0 != "remote_data" && !excluded.contains($0) }
    }
}
