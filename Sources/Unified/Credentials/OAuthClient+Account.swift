import Accounts
import Catalog
import JSON
import Upstream

extension OAuthClient {
    /// How a stored account's integration speaks OAuth 2.0; nil where its credentials are of another kind.
    ///
    /// - Throws: `OAuthFailure` where the definition, or what the environment puts over it, lacks something.
    init?(_ account: ResolvedAccount, catalog: Catalog) throws(OAuthFailure) {
        do {
            let method = account.account.authenticationMethod
            // Most accounts: the definition alone, of whose credentials nothing is changed, says that they have a key.
            let overrides = [account.environmentOverride, account.integrationOverride]
            if overrides.allSatisfy({ $0.exposed()["credentials"] == nil }),
                try catalog.integration(account.account.integration).oauthCredential(named: method) == nil
            {
                return nil
            }
            let call = CallAccount(account)
            let integration = try catalog.integration(
                call.integration, environmentOverrides: call.environmentOverrides,
                accountOverrides: call.accountOverrides
            )
            guard let credential = integration.oauthCredential(named: method) else { return nil }
            self = try OAuthClient(
                credential, of: integration, context: call.context, openContext: call.openContext)
        } catch {
            // The message may quote the text around a placeholder; the placeholder's own name is no secret.
            let reason =
                error.code == .hostNotAllowed
                ? error.message : error.placeholder.map { "'{{\($0)}}' has no value" } ?? "the definition is not complete"
            throw OAuthFailure("invalid_client", "the integration's OAuth settings do not fit: \(reason)")
        }
    }
}

extension Integration {
    fileprivate func oauthCredential(named name: String) -> Credential? {
        credentials.first { $0.name == name && ($0.format == .oauth2 || $0.format == .oauth2ClientCredentials) }
    }
}

extension Upstream {
    /// Asks a token endpoint.
    ///
    /// - Throws: `OAuthFailure` for an address that may not be called; `UpstreamError` where no response came.
    func response(to request: TokenRequest) async throws -> TokenResponse {
        do throws(UpstreamError) { return try await send(request) } catch {
            guard error.code == .egressRefused || error.code == .invalidRequest else { throw error }
            throw OAuthFailure("egress_refused", "the token endpoint cannot be called: \(error.message)")
        }
    }
}
