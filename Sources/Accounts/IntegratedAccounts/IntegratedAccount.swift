public import JSON
public import Storage

/// A customer's connection to one integration, as it may be shown: no credential is in it.
public struct IntegratedAccount: Sendable, Hashable {
    public var id: String
    public var environmentID: String
    public var environmentIntegrationID: String
    /// The integration's name in the catalog.
    public var integration: String
    public var tenantID: String
    public var authenticationMethod: String
    public var status: AccountStatus
    public var isSandbox: Bool
    public var isBlocked: Bool
    public var region: String?
    public var context: JSONObject
    public var lastError: JSONValue?
    public var lastActionResult: JSONValue?
    public var lastForbiddenError: JSONValue?
    public var unifiedModelOverride: JSONObject
    public var integrationOverride: JSONObject
    public var version: Int64
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

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
    public func json(integration definition: JSONValue? = nil, installation: JSONObject? = nil) -> JSONObject {
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
