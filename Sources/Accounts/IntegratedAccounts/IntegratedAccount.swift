package import JSON
package import Storage

/// A customer's connection to one integration, as it may be shown: no credential is in it.
package struct IntegratedAccount: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var environmentIntegrationID: String
    /// The integration's name in the catalog.
    package var integration: String
    package var tenantID: String
    package var authenticationMethod: String
    package var status: AccountStatus
    package var isSandbox: Bool
    package var isBlocked: Bool
    package var region: String?
    package var context: JSONObject
    package var lastError: JSONValue?
    package var lastActionResult: JSONValue?
    package var lastForbiddenError: JSONValue?
    package var unifiedModelOverride: JSONObject
    package var integrationOverride: JSONObject
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: AccountRecord) throws(AccountsError) {
        id = record.id
        environmentID = record.environmentID
        environmentIntegrationID = record.environmentIntegrationID
        integration = record.integration
        tenantID = record.tenantID
        authenticationMethod = record.authenticationMethod
        status = AccountStatus(rawValue: record.status)
        isSandbox = record.isSandbox
        isBlocked = record.isBlocked
        region = record.region
        context = try Document.object(record.context, "context of an integrated account")
        lastError = try Document.value(record.lastError, "last_error of an integrated account")
        lastActionResult = try Document.value(record.lastActionResult, "last_action_result of an integrated account")
        lastForbiddenError = try Document.value(
            record.lastForbiddenError, "last_forbidden_error of an integrated account"
        )
        unifiedModelOverride = try Document.object(
            record.unifiedModelOverride, "unified_model_override of an integrated account"
        )
        integrationOverride = try Document.object(
            record.integrationOverride, "integration_override of an integrated account"
        )
        version = record.version
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

extension IntegratedAccount {
    /// The wire's object.
    ///
    /// - Parameters:
    ///   - definition: what the catalog shows of the integration; its name alone by default.
    ///   - installation: the environment integration, where it is to be shown whole; its id alone by default.
    package func json(integration definition: JSONValue? = nil, installation: JSONObject? = nil) -> JSONObject {
        [
            "id": .string(id), "tenant_id": .string(tenantID), "environment_id": .string(environmentID),
            "environment_integration_id": .string(environmentIntegrationID), "context": .object(context),
            "status": .string(status.rawValue), "last_error": lastError ?? .null,
            "last_action_result": lastActionResult ?? .null, "last_forbidden_error": lastForbiddenError ?? .null,
            "authentication_method": .string(authenticationMethod), "region": region.map(JSONValue.string) ?? .null,
            "is_sandbox": .bool(isSandbox), "object_store_context_fields": [],
            "unified_model_override": .object(unifiedModelOverride),
            "integration_override": .object(integrationOverride),
            "integration": definition ?? ["name": .string(integration)],
            "environment_integration": .object(installation ?? ["id": .string(environmentIntegrationID)]),
            "version": .number(JSONNumber(Int(version))), "created_at": .string(createdAt.text),
            "updated_at": .string(updatedAt.text),
        ]
    }
}
