package import JSON

/// What a caller gives to make an integrated account of credentials it has (`POST /integrated-account`).
package struct NewIntegratedAccount: Sendable {
    /// How the installed integration is named.
    package enum Installation: Sendable, Hashable {
        case id(String)
        /// By the integration's name; it is installed in the environment where it is not yet.
        case integration(String)
    }

    package var tenantID: String
    package var installation: Installation
    /// Nil where the caller left it out; whoever knows the integration's only method fills it in.
    package var authenticationMethod: String?
    /// The whole context, credentials included.
    package var context: Secret<JSONObject>
    package var status: AccountStatus
    package var isSandbox: Bool
    package var region: String?
    package var unifiedModelOverride: JSONObject
    package var integrationOverride: Secret<JSONObject>

    package init(
        tenantID: String, installation: Installation, authenticationMethod: String?, context: Secret<JSONObject>,
        status: AccountStatus = .active, isSandbox: Bool = false, region: String? = nil,
        unifiedModelOverride: JSONObject = [:], integrationOverride: Secret<JSONObject> = Secret([:])
    ) {
        self.tenantID = tenantID
        self.installation = installation
        self.authenticationMethod = authenticationMethod
        self.context = context
        self.status = status
        self.isSandbox = isSandbox
        self.region = region
        self.unifiedModelOverride = unifiedModelOverride
        self.integrationOverride = integrationOverride
    }

    /// Reads the body of the request. The integration is `environment_integration_id`, `integration` (a name, or an
    /// object with one), or `integration_name`.
    ///
    /// - Throws: `.invalid` with the member at fault.
    package init(json: JSONObject) throws(AccountsError) {
        let body = BodyReader(json)
        guard let tenant = try body.text("tenant_id"), !tenant.isEmpty else {
            throw .invalid("tenant_id", "tenant_id is required")
        }
        var name: String?
        if let inner = json["integration"]?.object {
            name = try BodyReader(inner, at: "integration").text("name")
        } else {
            name = try body.text("integration")
            if name == nil { name = try body.text("integration_name") }
        }
        let installation: Installation
        if let id = try body.text("environment_integration_id") {
            installation = .id(id)
        } else if let name, !name.isEmpty {
            installation = .integration(name)
        } else {
            throw .invalid("environment_integration_id", "environment_integration_id or integration is required")
        }
        self.init(
            tenantID: tenant, installation: installation, authenticationMethod: try body.text("authentication_method"),
            context: Secret(try body.object("context") ?? [:]), isSandbox: try body.flag("is_sandbox") ?? false,
            region: try body.text("region"), unifiedModelOverride: try body.object("unified_model_override") ?? [:],
            integrationOverride: Secret(try body.object("integration_override") ?? [:])
        )
    }
}
