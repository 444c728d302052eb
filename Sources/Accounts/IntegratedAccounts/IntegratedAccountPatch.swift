public import JSON

/// What a caller changes about an integrated account; nil leaves it.
public struct IntegratedAccountPatch: Sendable {
    /// Merged into the context: each member replaces, `null` removes, `oauth` is merged deep. Credentials may be in it.
    public var context: Secret<JSONObject>?
    public var tenantID: String?
    public var authenticationMethod: String?
    public var isSandbox: Bool?
    public var isBlocked: Bool?
    /// Replaces the override, as does the next.
    public var unifiedModelOverride: JSONObject?
    public var integrationOverride: Secret<JSONObject>?
    /// Refused with `.stale` where the stored version is another.
    public var version: Int64?

    public init(
        context: Secret<JSONObject>? = nil, tenantID: String? = nil, authenticationMethod: String? = nil,
        isSandbox: Bool? = nil, isBlocked: Bool? = nil, unifiedModelOverride: JSONObject? = nil,
        integrationOverride: Secret<JSONObject>? = nil, version: Int64? = nil
    ) {
        self.context = context
        self.tenantID = tenantID
        self.authenticationMethod = authenticationMethod
        self.isSandbox = isSandbox
        self.isBlocked = isBlocked
        self.unifiedModelOverride = unifiedModelOverride
        self.integrationOverride = integrationOverride
        self.version = version
    }

    /// Reads the body of `PATCH /integrated-account/:id`; members it does not know are left alone.
    ///
    /// - Throws: `.invalid` with the member at fault.
    public init(json: JSONObject) throws(AccountsError) {
        let body = BodyReader(json)
        let tenant = try body.text("tenant_id")
        if tenant?.isEmpty == true { throw .invalid("tenant_id", "tenant_id must not be empty") }
        self.init(
            context: try body.object("context").map { Secret($0) }, tenantID: tenant,
            authenticationMethod: try body.text("authentication_method"), isSandbox: try body.flag("is_sandbox"),
            unifiedModelOverride: try body.objectOrNull("unified_model_override"),
            integrationOverride: try body.objectOrNull("integration_override").map { Secret($0) },
            version: try body.integer("version")
        )
    }
}
