package import Accounts
import Catalog
import JSON

extension CallAccount {
    /// An account that was read, as calls need it.
    ///
    /// - Parameters:
    ///   - model: the unified model of the call; empty for calls without one.
    ///   - installed: what the environment changes about that model.
    package convenience init(_ resolved: ResolvedAccount, model: String = "", installed: EnvironmentUnifiedModel? = nil) {
        let account = resolved.account
        let installation = resolved.installation
        let environmentOverride = EnvironmentVariables.removed(from: resolved.environmentOverride.exposed())
        let accountOverride = resolved.integrationOverride.exposed()
        let modelOverride = installed?.override ?? [:]
        // Most change nothing, and need no version.
        var environment: Overrides?
        if !environmentOverride.isEmpty || !modelOverride.isEmpty {
            environment = Overrides(
                version: "\(installation.id)/\(installation.version)/\(installed?.version ?? 0)",
                integration: environmentOverride.isEmpty ? nil : .object(environmentOverride),
                models: modelOverride.isEmpty ? nil : .object([model: .object(modelOverride)]))
            environment?.owner = "\(installation.id)/\(installed?.id ?? "")"
        }
        var own: Overrides?
        if !accountOverride.isEmpty || !account.unifiedModelOverride.isEmpty {
            own = Overrides(
                version: "\(account.id)/\(account.version)",
                integration: accountOverride.isEmpty ? nil : .object(accountOverride),
                mappings: account.unifiedModelOverride.isEmpty ? nil : .object(account.unifiedModelOverride))
            own?.owner = account.id
        }
        self.init(
            id: account.id, environmentID: account.environmentID, integration: account.integration,
            authenticationMethod: account.authenticationMethod,
            context: resolved.context.exposed(), openContext: resolved.openContext,
            environmentOverrides: environment, accountOverrides: own, stored: resolved)
    }
}
