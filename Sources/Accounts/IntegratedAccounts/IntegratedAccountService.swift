package import JSON
package import Storage

/// Makes, lists, changes and deletes integrated accounts, and gives calls their credentials.
///
/// Everything is asked for with the environment it belongs to; of another environment it is `.notFound`.
package final class IntegratedAccountService: Sendable {
    let store: any AccountStore
    let vault: Vault
    let effects: Effects
    private let installations: EnvironmentIntegrationService
    private let cache: FreshCache<Key, CachedAccount>

    private struct Key: Hashable, Sendable {
        var id: String
        var environment: String
    }

    init(
        store: any AccountStore, installations: EnvironmentIntegrationService, vault: Vault, effects: Effects,
        cacheSize: Int
    ) {
        self.store = store
        self.installations = installations
        self.vault = vault
        self.effects = effects
        cache = FreshCache(lifetime: .milliseconds(900), capacity: cacheSize, uptime: effects.uptime)
    }

    /// Makes an account of credentials that the caller has.
    ///
    /// - Parameter secretPaths: the paths of the context that the integration's definition calls secret; those that
    ///   are secret for every integration need not be among them.
    /// - Throws: `.invalid` for an integration that is not installed or not enabled.
    package func create(
        _ new: NewIntegratedAccount, environment: String, secretPaths: SecretPaths = SecretPaths([])
    ) async throws(AccountsError) -> IntegratedAccount {
        guard let method = new.authenticationMethod, !method.isEmpty else {
            throw .invalid("authentication_method", "authentication_method is required")
        }
        let installation = try await installation(new.installation, environment)
        let now = effects.now()
        let record = AccountRecord(
            id: effects.uuid(), environmentID: environment, environmentIntegrationID: installation.id,
            integration: installation.integration, tenantID: new.tenantID, authenticationMethod: method,
            status: new.status.rawValue, isSandbox: new.isSandbox, region: new.region,
            unifiedModelOverride: Document.text(new.unifiedModelOverride), createdAt: now, updatedAt: now
        )
        var opened = try DecryptedAccount(Encrypted(record: record, secrets: nil), vault)
        try opened.patchContext(new.context.exposed(), secretPaths, at: now)
        try StoredDocument.checkSize(new.unifiedModelOverride, "unified_model_override")
        try opened.setIntegrationOverride(new.integrationOverride.exposed())
        let events: [AccountEvent.Kind] = new.status == .active ? [.created, .active] : [.created]
        let (account, sealed) = (opened.record, try change(from: AccountSecrets(), to: opened, at: now))
        let made = try IntegratedAccount(account)
        let detail: JSONObject = ["after": Audit.hash(made.json()), "tenant_id": .string(account.tenantID)]
        let entry = Audit.entry("integrated_account.created", account.id, environment, detail, at: now)
        do {
            try await store.recording(entry).announcing(OutboxEvent(events, at: now, effects: effects))
                .insertAccount(account, sealed: sealed)
        } catch {
            throw error.code == .reference ? .notFound("environment integration") : .storage(error)
        }
        return made
    }

    package func get(_ id: String, environment: String) async throws(AccountsError) -> IntegratedAccount {
        try IntegratedAccount(try await read(id, environment).record)
    }

    package func list(
        _ query: ListQuery<AccountField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<IntegratedAccount> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.accounts(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { (record) throws(AccountsError) in try IntegratedAccount(record) }
    }

    /// - Parameter isComplete: whether a context has all that the definition requires; an `incomplete` account is
    ///   `active` then. Nil leaves the status as it is.
    /// - Throws: `.stale` where `patch.version` is not the stored one.
    package func update(
        _ id: String, environment: String, _ patch: IntegratedAccountPatch,
        secretPaths: SecretPaths = SecretPaths([]), isComplete: (@Sendable (JSONObject) -> Bool)? = nil
    ) async throws(AccountsError) -> IntegratedAccount {
        try await change(
            id, environment, given: patch.version, as: "integrated_account.updated"
        ) { (account, now) throws(AccountsError) in
            account.record.tenantID = patch.tenantID ?? account.record.tenantID
            account.record.authenticationMethod = patch.authenticationMethod ?? account.record.authenticationMethod
            account.record.isSandbox = patch.isSandbox ?? account.record.isSandbox
            account.record.isBlocked = patch.isBlocked ?? account.record.isBlocked
            if let override = patch.unifiedModelOverride {
                try StoredDocument.checkSize(override, "unified_model_override")
                account.record.unifiedModelOverride = Document.text(override)
            }
            if let override = patch.integrationOverride { try account.setIntegrationOverride(override.exposed()) }
            if let context = patch.context?.exposed() { try account.patchContext(context, secretPaths, at: now) }
            account.events = [.updated]
            if account.record.status == AccountStatus.incomplete.rawValue, isComplete?(try account.context()) == true {
                account.record.status = AccountStatus.active.rawValue
                account.events.append(.active)
            }
            return true
        }
    }

    package func delete(_ id: String, environment: String) async throws(AccountsError) {
        if try await delete(.ids([id]), environment: environment).isEmpty { throw .notFound("integrated account") }
    }

    /// Deletes the accounts of a selection in one transaction. Ids of nothing, or of another environment, are passed over.
    ///
    /// - Returns: the ids of those that are gone.
    @discardableResult
    package func delete(_ selection: AccountSelection, environment: String) async throws(AccountsError) -> [String] {
        let now = effects.now()
        let (subject, detail): (String, JSONObject) =
            switch selection {
            case .ids(let ids):
                (ids.count == 1 ? ids[0] : "\(ids.count) accounts", ["ids": .array(ids.map(JSONValue.string))])
            case .tenant(let tenant): ("tenant \(tenant)", ["tenant_id": .string(tenant)])
            }
        let entry = Audit.entry("integrated_account.deleted", subject, environment, detail, at: now)
        let store = store.recording(entry).announcing(OutboxEvent([.deleted], at: now, effects: effects))
        let deleted = try await stored { () async throws(StorageError) in
            switch selection {
            case .ids(let ids): try await store.deleteAccounts(ids, environment: environment)
            case .tenant(let tenant): try await store.deleteAccounts(tenant: tenant, environment: environment)
            }
        }
        for id in deleted { drop(id, environment) }
        return deleted
    }

    /// The account with its credentials, for a call; from memory where it was read in the last second.
    package func resolve(_ id: String, environment: String) async throws(AccountsError) -> ResolvedAccount {
        let found = try await cache.value(Key(id: id, environment: environment)) {
            [store, vault] (old) async throws(AccountsError) in
            let found = try await stored { () async throws(StorageError) in
                try await store.account(id, environment: environment)
            }
            guard let found else { return nil }
            if let old, old.stored == found { return old }
            return try CachedAccount(found, vault)
        }
        guard let found else { throw .notFound("integrated account") }
        let installation = try await installations.resolve(
            found.account.environmentIntegrationID, environment: environment
        )
        return found.resolved(installation)
    }

    /// As `resolve`, but as it stands in the database now.
    package func reread(_ id: String, environment: String) async throws(AccountsError) -> ResolvedAccount {
        drop(id, environment)
        return try await resolve(id, environment: environment)
    }
}

extension IntegratedAccountService {
    func read(_ id: String, _ environment: String) async throws(AccountsError) -> Encrypted<AccountRecord> {
        let found = try await stored { () async throws(StorageError) in
            try await store.account(id, environment: environment)
        }
        guard let found else { throw .notFound("integrated account") }
        return found
    }

    func drop(_ id: String, _ environment: String) { cache.drop(Key(id: id, environment: environment)) }

    func change(
        from old: AccountSecrets, to new: DecryptedAccount, at time: Timestamp
    ) throws(AccountsError) -> EncryptedChange {
        try vault.change(
            from: new.sealed, old: old.object, to: new.secrets.object, for: DecryptedAccount.place(new.record), at: time,
            always: new.countsAsNew
        )
    }

    private func installation(
        _ name: NewIntegratedAccount.Installation, _ environment: String
    ) async throws(AccountsError) -> EnvironmentIntegration {
        let found: EnvironmentIntegration
        switch name {
        case .integration(let integration):
            found = try await installations.findOrInstall(integration, environment: environment)
        case .id(let id):
            do { found = try await installations.get(id, environment: environment) } catch {
                guard error.code == .notFound else { throw error }
                throw .invalid("environment_integration_id", "there is no such environment integration")
            }
        }
        guard found.isEnabled else {
            throw .invalid("environment_integration_id", "\(found.integration) is not enabled in this environment")
        }
        return found
    }
}
