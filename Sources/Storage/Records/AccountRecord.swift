/// An integrated account without its secrets, which are a `EncryptedRecord` beside it.
package struct AccountRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var environmentIntegrationID: String
    /// The integration's name in the catalog; always that of the environment integration.
    package var integration: String
    package var tenantID: String
    package var authenticationMethod: String
    package var status: String
    package var isSandbox: Bool
    package var isBlocked: Bool
    package var region: String?
    /// JSON object: the context without its credentials.
    package var context: String
    /// JSON, as are the next two; nil when there is none.
    package var lastError: String?
    package var lastActionResult: String?
    package var lastForbiddenError: String?
    /// JSON object, as is the next.
    package var unifiedModelOverride: String
    package var integrationOverride: String
    /// Counts the writes, from 1.
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, environmentID: String, environmentIntegrationID: String, integration: String, tenantID: String,
        authenticationMethod: String, status: String, isSandbox: Bool = false, isBlocked: Bool = false,
        region: String? = nil, context: String = "{}", lastError: String? = nil, lastActionResult: String? = nil,
        lastForbiddenError: String? = nil, unifiedModelOverride: String = "{}", integrationOverride: String = "{}",
        version: Int64 = 1, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.environmentIntegrationID = environmentIntegrationID
        self.integration = integration
        self.tenantID = tenantID
        self.authenticationMethod = authenticationMethod
        self.status = status
        self.isSandbox = isSandbox
        self.isBlocked = isBlocked
        self.region = region
        self.context = context
        self.lastError = lastError
        self.lastActionResult = lastActionResult
        self.lastForbiddenError = lastForbiddenError
        self.unifiedModelOverride = unifiedModelOverride
        self.integrationOverride = integrationOverride
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension AccountRecord: SQLRecord {
    static let table = "integrated_accounts"
    static let columns = [
        "id", "environment_id", "environment_integration_id", "integration", "tenant_id", "authentication_method",
        "status", "is_sandbox", "is_blocked", "region", "context", "last_error", "last_action_result",
        "last_forbidden_error", "unified_model_override", "integration_override", "version", "created_at",
        "updated_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        environmentIntegrationID = try row.text()
        integration = try row.text()
        tenantID = try row.text()
        authenticationMethod = try row.text()
        status = try row.text()
        isSandbox = try row.flag()
        isBlocked = try row.flag()
        region = try row.optionalText()
        context = try row.text()
        lastError = try row.optionalText()
        lastActionResult = try row.optionalText()
        lastForbiddenError = try row.optionalText()
        unifiedModelOverride = try row.text()
        integrationOverride = try row.text()
        version = try row.integer()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(environmentIntegrationID), .text(integration), .text(tenantID),
            .text(authenticationMethod), .text(status), SQLValue(isSandbox), SQLValue(isBlocked), SQLValue(region),
            .text(context), SQLValue(lastError), SQLValue(lastActionResult), SQLValue(lastForbiddenError),
            .text(unifiedModelOverride), .text(integrationOverride), .integer(version), SQLValue(createdAt),
            SQLValue(updatedAt),
        ]
    }
}
