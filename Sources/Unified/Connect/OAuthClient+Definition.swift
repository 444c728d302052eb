package import Accounts
package import Catalog
package import JSON

extension OAuthClient {
    /// The client that a definition describes, for an account.
    ///
    /// - Parameters:
    ///   - integration: to whose hosts alone the client's secret is sent.
    ///   - context: the account's, with the environment's variables.
    ///   - openContext: what of it is not secret: all that an override may read.
    /// - Throws: `unresolvedPlaceholder` where something it needs is not known, `unsafeValue` where a value would lead
    ///   the client's secret to another host, `hostNotAllowed`, `invalidDefinition` where it names no client or no token endpoint.
    package init(
        _ credential: Credential, of integration: Integration, context: JSONObject, openContext: JSONObject
    ) throws(CatalogError) {
        let scope = TemplateContext(roots: ["context": .object(context)], context: context, openContext: openContext)
        guard let oauth = credential.oauth2, let token = oauth.tokenURL, let id = oauth.clientID else {
            throw CatalogError(.invalidDefinition, "the credentials '\(credential.name)' name no OAuth client or server")
        }
        func address(_ template: Template?) throws(CatalogError) -> String? {
            guard let address = try template?.address(in: scope) else { return nil }
            try integration.credentialHosts.check(address, of: integration.name)
            return address
        }
        func members(_ tree: JSONTemplate?) throws(CatalogError) -> JSONObject {
            try tree?.resolve(scope)?.object ?? [:]
        }
        let secret = try oauth.clientSecret?.text(in: scope)
        let isPersonal = credential.format == .oauth2ClientCredentials
        self.init(
            clientID: try id.text(in: scope), clientSecret: secret.flatMap { $0.isEmpty ? nil : Secret($0) },
            authorizeURL: isPersonal ? nil : try address(oauth.authorizeURL), tokenURL: try address(token) ?? "",
            refreshURL: try address(oauth.refreshURL), grant: isPersonal ? .clientCredentials : .refreshToken,
            scopes: oauth.scopes, scopeSeparator: oauth.scopeSeparator, parameters: try members(oauth.parameters),
            tokenParameters: try members(oauth.tokenParameters),
            refreshParameters: try members(oauth.refreshParameters), pkce: oauth.pkce,
            clientInHeader: oauth.clientInHeader, tokenRequestIsJSON: oauth.tokenRequestIsJSON,
            tokenLifetime: oauth.tokenExpiry.map(Int64.init), issuer: try oauth.issuer?.text(in: scope),
            requiresIssuer: oauth.requiresIssuer)
    }
}
