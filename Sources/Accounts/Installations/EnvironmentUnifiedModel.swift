package import JSON
package import Storage

/// A unified model installed in an environment, with what the environment changes about it.
package struct EnvironmentUnifiedModel: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// The unified model's name in the catalog.
    package var model: String
    package var override: JSONObject
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: EnvironmentUnifiedModelRecord) throws(AccountsError) {
        id = record.id
        environmentID = record.environmentID
        model = record.model
        override = try Document.object(record.override, "override of an environment unified model")
        version = record.version
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// The wire's object; `model` is what the catalog shows of it, its name alone by default.
    package func json(unifiedModel definition: JSONValue? = nil) -> JSONObject {
        [
            "id": .string(id), "environment_id": .string(environmentID),
            "unified_model_id": definition?["id"] ?? .string(model), "override": .object(override),
            "unified_model": definition ?? ["name": .string(model)],
            "version": .number(JSONNumber(Int(version))),
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}
