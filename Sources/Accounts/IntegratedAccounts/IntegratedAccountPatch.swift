package import JSON

/// What a caller changes about an integrated account; nil leaves it.
package struct IntegratedAccountPatch: Sendable {
    /// Merged into the context: each member replaces, `null` removes, `oauth` is merged deep. Credentials may be in it.
    package var context: Secret<JSONObject>?
    package var tenantID: String?
    package var authenticationMethod: String?
    package var isSandbox: Bool?
    package var isBlocked: Bool?
    /// Replaces the override, as does the next.
    package var unifiedModelOverride: JSONObject?
    package var integrationOverride: Secret<JSONObject>?
    /// Refused with `.stale` where the stored version is another.
    package var version: Int64?

    package init(
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
    package init(json: JSONObject) throws(AccountsError) {
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
