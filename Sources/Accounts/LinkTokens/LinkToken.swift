package import JSON
package import Storage

/// What a link token lets its holder do: connect one account of a tenant, or connect an account again.
package struct LinkRequest: Sendable {
    package enum Purpose: Sendable, Hashable {
        case connect(tenantID: String)
        case reconnect(integratedAccountID: String)
    }

    package var purpose: Purpose
    package var scopes: [String] = []
    package var environmentUnifiedModelIDs: [String] = []
    /// Put over what the person enters; may hold credentials.
    package var context: Secret<JSONObject> = Secret([:])
    /// Where the browser is sent with the result.
    package var redirectURI: String?
    /// The origin of the page that opens the connect page, which alone is told the result; nil for any.
    package var openerOrigin: String?
    /// Shown on the connect page: in whose name the person is asked. Without it the environment's name is.
    package var applicationName: String?
    /// Shown beside it: a `data:` address of an image.
    package var applicationLogo: String?
    package var persistPreviousContext = false
    package var region: String?

    package init(purpose: Purpose) { self.purpose = purpose }

    /// Reads the body of `POST /link-token`.
    ///
    /// - Throws: `.invalid` naming the member.
    package init(json: JSONObject) throws(AccountsError) {
        let body = BodyReader(json)
        let tenant = try body.text("tenant_id")
        switch (tenant, try body.text("integrated_account_id")) {
        case (let tenant?, nil) where !tenant.isEmpty: purpose = .connect(tenantID: tenant)
        case (_, let account?) where !account.isEmpty: purpose = .reconnect(integratedAccountID: account)
        default: throw .invalid("tenant_id", "tenant_id is required, or integrated_account_id to connect again")
        }
        scopes = try Self.texts("scopes", in: json)
        environmentUnifiedModelIDs = try Self.texts("environment_unified_model_id", in: json)
        context = Secret(try body.object("context") ?? [:])
        redirectURI = try body.text("redirect_uri", atMost: 2000)
        openerOrigin = try body.text("opener_origin", atMost: 300)
        applicationName = try body.text("application_name", atMost: 100)
        applicationLogo = try body.text("application_logo", atMost: 100_000)
        if let logo = applicationLogo, !Self.isImage(logo) {
            throw .invalid("application_logo", "application_logo must be a data: address of a PNG, JPEG, GIF, WebP or SVG image")
        }
        persistPreviousContext = try body.flag("persist_previous_context") ?? false
        region = try body.text("region")
    }

    private static func isImage(_ address: String) -> Bool {
        ["png", "jpeg", "gif", "webp", "svg+xml"].contains { address.hasPrefix("data:image/\($0);base64,") }
    }

    /// A list of texts, or one text alone.
    private static func texts(_ name: String, in json: JSONObject) throws(AccountsError) -> [String] {
        guard let value = json[name], !value.isNull else { return [] }
        if let text = value.string { return [text] }
        guard let texts = value.array?.map(\.string), texts.allSatisfy({ $0 != nil }) else {
            throw .invalid(name, "\(name) must be a list of strings")
        }
        return texts.compactMap { $0 }
    }

    var json: JSONObject {
        var json: JSONObject = [
            "scopes": .array(scopes.map(JSONValue.string)),
            "environment_unified_model_id": .array(environmentUnifiedModelIDs.map(JSONValue.string)),
            "context": .object(context.exposed()), "persist_previous_context": .bool(persistPreviousContext),
        ]
        switch purpose {
        case .connect(let tenant): json["tenant_id"] = .string(tenant)
        case .reconnect(let account): json["integrated_account_id"] = .string(account)
        }
        if let redirectURI { json["redirect_uri"] = .string(redirectURI) }
        if let applicationName { json["application_name"] = .string(applicationName) }
        if let applicationLogo { json["application_logo"] = .string(applicationLogo) }
        if let openerOrigin { json["opener_origin"] = .string(openerOrigin) }
        if let region { json["region"] = .string(region) }
        return json
    }
}

/// A link token that was presented and is good.
package struct LinkToken: Sendable {
    package var id: String
    package var environmentID: String
    package var request: LinkRequest
    package var expiresAt: Timestamp
}
