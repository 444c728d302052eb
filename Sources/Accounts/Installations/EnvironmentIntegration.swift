package import JSON
package import Storage

/// An integration installed in an environment, as it may be shown: the override without its secrets.
package struct EnvironmentIntegration: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// The integration's name in the catalog.
    package var integration: String
    package var isEnabled: Bool
    package var showInCatalog: Bool
    package var override: JSONObject
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: EnvironmentIntegrationRecord) throws(AccountsError) {
        id = record.id
        environmentID = record.environmentID
        integration = record.integration
        isEnabled = record.isEnabled
        showInCatalog = record.showInCatalog
        override = try Document.object(record.override, "override of an environment integration")
        version = record.version
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }

    /// The wire's object; `integration` is what the catalog shows of it, its name alone by default.
    package func json(integration definition: JSONValue? = nil) -> JSONObject {
        [
            "id": .string(id), "environment_id": .string(environmentID),
            "integration_id": definition?["id"] ?? .string(integration),
            "is_enabled": .bool(isEnabled), "show_in_catalog": .bool(showInCatalog), "override": .object(override),
            "integration": definition ?? ["name": .string(integration)],
            "version": .number(JSONNumber(Int(version))),
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}

/// An installation with the secrets of its override, for use in a call.
///
/// An object, since it is kept in memory and handed on for each call.
package final class ResolvedInstallation: Sendable {
    package let installation: EnvironmentIntegration
    /// The whole override, secrets included.
    package let override: Secret<JSONObject>
    /// The secrets of the override alone.
    let secrets: Secret<JSONObject>
    let stored: Encrypted<EnvironmentIntegrationRecord>

    init(
        installation: EnvironmentIntegration, secrets: Secret<JSONObject>, stored: Encrypted<EnvironmentIntegrationRecord>
    ) {
        self.installation = installation
        self.secrets = secrets
        override = secrets.map { installation.override.merging(deep: $0) }
        self.stored = stored
    }
}

/// What a caller changes about an installation; nil leaves it.
package struct EnvironmentIntegrationPatch: Sendable {
    package var isEnabled: Bool?
    package var showInCatalog: Bool?
    /// Replaces the override; secrets it does not mention stay. `.null` empties it.
    package var override: JSONValue?
    /// Refused with `.stale` where the stored version is another.
    package var version: Int64?

    package init(
        isEnabled: Bool? = nil, showInCatalog: Bool? = nil, override: JSONValue? = nil, version: Int64? = nil
    ) {
        self.isEnabled = isEnabled
        self.showInCatalog = showInCatalog
        self.override = override
        self.version = version
    }
}
