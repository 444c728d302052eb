package import JSON
import Storage
import Synchronization

/// An integrated account ready for a call: with its credentials and what its environment changes.
///
/// An object, since it is handed on at every step.
package final class ResolvedAccount: Sendable {
    package let account: IntegratedAccount
    /// The whole context: credentials in their places, `environment_variables` of the environment integration beside.
    package let context: Secret<JSONObject>
    /// What of the context is not secret: all that mappings of overrides may read.
    package let openContext: JSONObject
    /// The account's whole override of its integration, secrets included.
    package let integrationOverride: Secret<JSONObject>
    package let installation: EnvironmentIntegration
    /// The environment's whole override of the integration, secrets included.
    package let environmentOverride: Secret<JSONObject>
    /// What calls ask of the account again and again.
    let facts = AccountFacts()
    private let sealed: [Secret<JSONObject>]
    /// Counts the changes of the credentials, for compare and swap; 0 where there are none.
    package let credentialsVersion: Int64

    init(_ opened: CachedAccount, _ installation: ResolvedInstallation) {
        account = opened.account
        integrationOverride = opened.integrationOverride
        self.installation = installation.installation
        environmentOverride = installation.override
        credentialsVersion = opened.stored.secrets?.version ?? 0
        sealed = [opened.sealed, installation.secrets]
        let override = installation.override.exposed()
        openContext = EnvironmentVariables.open(of: installation.installation.override)
            .reduce(into: opened.account.context) { $0[$1.key] = $1.value }
        context = opened.context.map { context in
            var context = context
            for (key, variables) in EnvironmentVariables.of(override) { context[key] = variables }
            return context
        }
    }
}

extension ResolvedAccount {
    /// The texts of all secrets of the account and of its environment's override of the integration.
    package var secretTexts: [String] { sealed.flatMap { JSONValue.object($0.exposed()).texts } }
}

extension JSONValue {
    /// All texts and numbers in a document, without its keys.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .number(let number): [number.text]
        case .array(let items): items.flatMap(\.texts)
        case .object(let object): object.elements.flatMap(\.value.texts)
        default: []
        }
    }
}

/// An account as the hot path keeps it in memory; an object, since it has dozens of members and is handed on for each call.
final class CachedAccount: Sendable {
    let stored: Encrypted<AccountRecord>
    let account: IntegratedAccount
    let context: Secret<JSONObject>
    let integrationOverride: Secret<JSONObject>
    /// The secrets alone.
    let sealed: Secret<JSONObject>
    /// The account with its installation, as both were at the last call.
    private let latest = Mutex<(installation: ResolvedInstallation, account: ResolvedAccount)?>(nil)

    /// The account ready for a call: the same object for as long as neither it nor its installation changes.
    func resolved(_ installation: ResolvedInstallation) -> ResolvedAccount {
        latest.withLock { latest in
            if let latest, latest.installation === installation { return latest.account }
            let fresh = ResolvedAccount(self, installation)
            latest = (installation, fresh)
            return fresh
        }
    }

    init(_ stored: Encrypted<AccountRecord>, _ vault: Vault) throws(AccountsError) {
        self.stored = stored
        account = try IntegratedAccount(stored.record)
        let opened = try DecryptedAccount(stored, vault)
        context = Secret(try opened.context())
        sealed = Secret(opened.secrets.object)
        integrationOverride = Secret(account.integrationOverride.merging(deep: opened.secrets.integrationOverride))
    }
}

/// What is worked out of an account once, since it stays so until the account changes.
final class AccountFacts: Sendable {
    private let clientCredentials = Mutex<Bool?>(nil)

    /// Whether its integration gets tokens with the client's own credentials, as `find` says.
    func usesClientCredentials(_ find: () async throws -> Bool) async -> Bool {
        if let known = clientCredentials.withLock(\.self) { return known }
        // Where it cannot be known now, as with settings that lack something, the next call asks again.
        guard let found = try? await find() else { return false }
        clientCredentials.withLock { $0 = found }
        return found
    }
}
