/// An integration installed in an environment, with what the environment changes about it.
package struct EnvironmentIntegrationRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// The integration's name in the catalog.
    package var integration: String
    package var isEnabled: Bool
    package var showInCatalog: Bool
    /// JSON object laid over the integration's definition, without its secret members.
    package var override: String
    /// Counts the writes, from 1.
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, environmentID: String, integration: String, isEnabled: Bool, showInCatalog: Bool,
        override: String, version: Int64 = 1, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.integration = integration
        self.isEnabled = isEnabled
        self.showInCatalog = showInCatalog
        self.override = override
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A unified model installed in an environment, with what the environment changes about it.
package struct EnvironmentUnifiedModelRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// The unified model's name in the catalog.
    package var model: String
    /// JSON object laid over the model's definition.
    package var override: String
    /// Counts the writes, from 1.
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, environmentID: String, model: String, override: String, version: Int64 = 1, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.model = model
        self.override = override
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension EnvironmentIntegrationRecord: SQLRecord {
    static let table = "environment_integrations"
    static let columns = [
        "id", "environment_id", "integration", "is_enabled", "show_in_catalog", "override", "version", "created_at",
        "updated_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        integration = try row.text()
        isEnabled = try row.flag()
        showInCatalog = try row.flag()
        override = try row.text()
        version = try row.integer()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(integration), SQLValue(isEnabled), SQLValue(showInCatalog),
            .text(override), .integer(version), SQLValue(createdAt), SQLValue(updatedAt),
        ]
    }
}

extension EnvironmentUnifiedModelRecord: SQLRecord {
    static let table = "environment_unified_models"
    static let columns = ["id", "environment_id", "model", "override", "version", "created_at", "updated_at"]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        model = try row.text()
        override = try row.text()
        version = try row.integer()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(model), .text(override), .integer(version), SQLValue(createdAt),
            SQLValue(updatedAt),
        ]
    }
}
