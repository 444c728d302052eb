package import Accounts
import Catalog
import JSON
import Storage
import Upstream

/// Connects customers' accounts for people who come with a link token.
///
/// Credentials are proved before an account that works is touched. A new account is stored first, and its status tells
/// how its actions went; the link token is used up just before that.
package struct ConnectService: Sendable {
    let accounts: AccountServices
    let catalog: Catalog
    let actions: ActionRunner
    let upstream: Upstream
    let credentials: CredentialManager

    package init(accounts: AccountServices, unified: UnifiedService) {
        self.accounts = accounts
        catalog = unified.catalog
        upstream = unified.upstream
        credentials = unified.credentials
        actions = ActionRunner(upstream: unified.upstream, limits: unified.limits)
    }

    /// What a link token lets its holder do.
    ///
    /// - Throws: `ConnectFailure` with `invalid_token`; `AccountsError` where the database does not respond.
    package func open(_ token: String) async throws -> LinkToken {
        do { return try await accounts.linkTokens.open(token) } catch {
            throw error.code == .unauthorized ? ConnectFailure.usedToken : error
        }
    }

    /// The integrations that a link may connect, by name; of an account that is connected again, its own.
    package func choices(_ link: LinkToken) async throws -> [ConnectChoice] {
        if case .reconnect(let id) = link.request.purpose {
            let account: ResolvedAccount
            do {
                account = try await accounts.integratedAccounts.reread(id, environment: link.environmentID)
            } catch {
                throw error.code == .notFound ? ConnectFailure.notOffered : error
            }
            return try [choice(account.installation, account.environmentOverride, account, link)]
        }
        let models = try await models(link)
        var choices: [ConnectChoice] = []
        let installed = try await accounts.environmentIntegrations.list(environment: link.environmentID).result
        for installation in installed where installation.isEnabled && installation.showInCatalog {
            guard try supports(installation.integration, models) else { continue }
            let resolved = try await accounts.environmentIntegrations.resolve(
                installation.id, environment: link.environmentID)
            choices.append(try choice(resolved.installation, resolved.override, nil, link))
        }
        return choices.filter { !$0.methods.isEmpty }
            .sorted { $0.integration.label.lowercased() < $1.integration.label.lowercased() }
    }

    /// - Throws: `ConnectFailure` with `invalid_integration` for one that the link does not offer.
    package func choice(_ link: LinkToken, _ name: String) async throws -> ConnectChoice {
        guard let choice = try await choices(link).first(where: { $0.integration.name == name }) else {
            throw ConnectFailure.notOffered
        }
        return choice
    }

    /// In whose name a link asks.
    package func application(_ link: LinkToken) async throws -> (name: String, logo: String?) {
        if let name = link.request.applicationName { return (name, link.request.applicationLogo) }
        return (try await accounts.environments.get(link.environmentID).name, link.request.applicationLogo)
    }

    private func choice(
        _ installation: EnvironmentIntegration, _ override: Secret<JSONObject>, _ account: ResolvedAccount?,
        _ link: LinkToken
    ) throws -> ConnectChoice {
        let environment = Overrides(
            version: "\(installation.id)/\(installation.version)",
            integration: .object(EnvironmentVariables.removed(from: override.exposed())))
        let own = account.map {
            Overrides(
                version: "\($0.account.id)/\($0.account.version)",
                integration: .object($0.integrationOverride.exposed()))
        }
        return ConnectChoice(
            integration: try catalog.integration(
                installation.integration, environmentOverrides: environment, accountOverrides: own),
            installation: installation, account: account, variables: EnvironmentVariables.of(override.exposed()),
            given: link.request.context.exposed())
    }

    /// The models that the link is limited to; nil for none.
    private func models(_ link: LinkToken) async throws -> Set<String>? {
        guard !link.request.environmentUnifiedModelIDs.isEmpty else { return nil }
        var models: Set<String> = []
        for id in link.request.environmentUnifiedModelIDs {
            do {
                models.insert(
                    try await accounts.environmentUnifiedModels.get(id, environment: link.environmentID).model)
            } catch {
                // One that was uninstalled meanwhile offers nothing.
                guard error.code == .notFound else { throw error }
            }
        }
        return models
    }

    private func supports(_ integration: String, _ models: Set<String>?) throws -> Bool {
        // A definition that was taken out of the catalog cannot be connected.
        guard catalog.integrationNames.contains(integration) else { return false }
        guard let models else { return true }
        return try models.contains { try !catalog.mappedMethods(model: $0, integration: integration).isEmpty }
    }
}
