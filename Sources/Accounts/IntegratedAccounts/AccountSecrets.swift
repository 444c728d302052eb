import JSON
import Storage

/// Everything secret about one account; sealed as one text, so that it changes as a whole.
struct AccountSecrets: Sendable, Equatable {
    var context = JSONObject()
    var integrationOverride = JSONObject()

    init() {}

    init(_ object: JSONObject) {
        context = object["context"]?.object ?? [:]
        integrationOverride = object["integration_override"]?.object ?? [:]
    }

    var object: JSONObject {
        var object = JSONObject()
        if !context.isEmpty { object["context"] = .object(context) }
        if !integrationOverride.isEmpty { object["integration_override"] = .object(integrationOverride) }
        return object
    }
}

/// A stored account with its secrets opened: what writers change and calls use.
struct DecryptedAccount: Sendable {
    var record: AccountRecord
    var sealed: EncryptedRecord?
    var secrets: AccountSecrets
    /// Seal the secrets anew even where they are equal: a provider may renew a token without changing its text, and
    /// whoever waits for new credentials waits for a new version.
    var countsAsNew = false
    /// What webhooks are to be told when this is written.
    var events: [AccountEvent.Kind] = []

    init(_ stored: Encrypted<AccountRecord>, _ vault: Vault) throws(AccountsError) {
        record = stored.record
        sealed = stored.secrets
        secrets = AccountSecrets(try vault.open(stored.secrets, for: Self.place(stored.record)))
    }

    static func place(_ record: AccountRecord) -> EncryptionContext {
        .secrets(of: record.id, environment: record.environmentID)
    }

    /// The whole context, credentials in their places.
    func context() throws(AccountsError) -> JSONObject {
        try Document.object(record.context, "context of an integrated account").merging(deep: secrets.context)
    }

    /// Lays a patch over the whole context and keeps each half where it belongs. What was secret stays so.
    mutating func patchContext(
        _ patch: JSONObject, _ paths: SecretPaths, at now: Timestamp
    ) throws(AccountsError) {
        let known = secrets.context
        let old = try context()
        var full = old.patchingContext(OAuthToken.stamped(patch, at: now), secrets: known)
        // A session was opened with the credentials before these.
        if patch["session"] == nil, SecretPaths.context.union(paths).touch(patch) { full["session"] = nil }
        try StoredDocument.checkGrowth(from: old, to: full, "context")
        let (open, secret) = SecretPaths.context.union(paths).union(.leaves(of: known)).split(full)
        try StoredDocument.checkSecrets(secret, known: known, "context")
        record.context = Document.text(open)
        secrets.context = secret
    }

    /// Secrets that the new override does not mention stay.
    ///
    /// - Throws: `.invalid` for one that is too long.
    mutating func setIntegrationOverride(_ override: JSONObject) throws(AccountsError) {
        let known = secrets.integrationOverride
        let full = override.isEmpty ? override : override.keeping(secrets: known)
        try StoredDocument.checkSize(full, "integration_override")
        let (open, secret) = SecretPaths.integrationOverride.union(.leaves(of: known)).split(full)
        try StoredDocument.checkSecrets(secret, known: known, "integration_override")
        record.integrationOverride = Document.text(open)
        secrets.integrationOverride = secret
    }
}
