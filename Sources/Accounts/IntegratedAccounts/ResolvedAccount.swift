public import JSON
import Storage

/// An integrated account ready for a call: with its credentials and what its environment changes.
///
/// An object, since it is handed on at every step.
public final class ResolvedAccount: Sendable {
    public let account: IntegratedAccount
    /// The whole context: credentials in their places, `environment_variables` of the environment integration beside.
    public let context: Secret<JSONObject>
    /// The account's whole override of its integration, secrets included.
    public let integrationOverride: Secret<JSONObject>
    public let installation: EnvironmentIntegration
    /// The environment's whole override of the integration, secrets included.
    public let environmentOverride: Secret<JSONObject>
    /// Counts the changes of the credentials, for compare and swap; 0 where there are none.
    public let credentialsVersion: Int64

    init(_ opened: CachedAccount, _ installation: ResolvedInstallation) {
        account = opened.account
        integrationOverride = opened.integrationOverride
        self.installation = installation.installation
        environmentOverride = installation.override
        credentialsVersion = opened.stored.secrets?.version ?? 0
        let override = installation.override.exposed()
        context = opened.context.map { context in
            var context = context
            for (key, variables) in EnvironmentVariables.of(override) { context[key] = variables }
            return context
        }
    }
}

/// An account as the hot path keeps it in memory; an object, since it has dozens of members and is handed on for each call.
final class CachedAccount: Sendable {
    let stored: Sealed<AccountRecord>
    let account: IntegratedAccount
    let context: Secret<JSONObject>
    let integrationOverride: Secret<JSONObject>

    init(_ stored: Sealed<AccountRecord>, _ vault: Vault) throws(AccountsError) {
        self.stored = stored
        account = try IntegratedAccount(stored.record)
        let opened = try OpenAccount(stored, vault)
        context = Secret(try opened.context())
        integrationOverride = Secret(account.integrationOverride.merging(deep: opened.secrets.integrationOverride))
    }
}
