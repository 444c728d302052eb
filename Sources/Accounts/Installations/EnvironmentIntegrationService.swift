package import JSON
package import Storage

/// Installs integrations in environments.
package final class EnvironmentIntegrationService: Sendable {
    private let store: any InstallationStore
    private let vault: Vault
    private let effects: Effects
    private let cache: FreshCache<Key, ResolvedInstallation>

    private struct Key: Hashable, Sendable {
        var id: String
        var environment: String
    }

    init(store: any InstallationStore, vault: Vault, effects: Effects, cacheSize: Int) {
        self.store = store
        self.vault = vault
        self.effects = effects
        cache = FreshCache(lifetime: .milliseconds(900), capacity: cacheSize, uptime: effects.uptime)
    }

    /// Installs an integration, which the caller has looked up in the catalog.
    ///
    /// - Throws: `.alreadyExists`; `.notFound` for an unknown environment.
    package func install(
        _ integration: String, environment: String, isEnabled: Bool = true, showInCatalog: Bool = true,
        override: JSONObject = [:]
    ) async throws(AccountsError) -> EnvironmentIntegration {
        let now = effects.now()
        try StoredDocument.checkSize(override, "override")
        let (open, secret) = SecretPaths.integrationOverride.split(override)
        try StoredDocument.checkSecrets(secret, known: [:], "override")
        let record = EnvironmentIntegrationRecord(
            id: effects.uuid(), environmentID: environment, integration: integration, isEnabled: isEnabled,
            showInCatalog: showInCatalog, override: Document.text(open), createdAt: now, updatedAt: now
        )
        let place = EncryptionContext.secrets(of: record.id, environment: environment)
        let sealed = try vault.change(from: nil, old: [:], to: secret, for: place, at: now)
        do {
            let detail: JSONObject = ["integration": .string(integration)]
            let entry = Audit.entry("environment_integration.installed", record.id, environment, detail, at: now)
            try await store.recording(entry).insertEnvironmentIntegration(record, sealed: sealed)
        } catch {
            switch error.code {
            case .conflict:
                let known = try await find(integration, environment: environment)
                throw .alreadyExists(
                    "\(integration) is installed in this environment already"
                        + (known.map { "; change it with PATCH /environment-integration/\($0.id)" } ?? ""))
            case .reference: throw .notFound("environment")
            default: throw .storage(error)
            }
        }
        return try EnvironmentIntegration(record)
    }

    /// The installation of that integration, made now where there is none.
    package func findOrInstall(
        _ integration: String, environment: String
    ) async throws(AccountsError) -> EnvironmentIntegration {
        if let known = try await find(integration, environment: environment) { return known }
        do {
            return try await install(integration, environment: environment)
        } catch {
            // Another call installed it in between.
            guard error.code == .alreadyExists, let known = try await find(integration, environment: environment)
            else { throw error }
            return known
        }
    }

    /// The installation of that integration, if there is one.
    package func find(
        _ integration: String, environment: String
    ) async throws(AccountsError) -> EnvironmentIntegration? {
        let found = try await stored { () async throws(StorageError) in
            try await store.environmentIntegration(named: integration, environment: environment)
        }
        guard let found else { return nil }
        return try EnvironmentIntegration(found.record)
    }

    package func get(_ id: String, environment: String) async throws(AccountsError) -> EnvironmentIntegration {
        try EnvironmentIntegration(try await record(id, environment).record)
    }

    package func list(
        _ query: ListQuery<EnvironmentIntegrationField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<EnvironmentIntegration> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.environmentIntegrations(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { (record) throws(AccountsError) in
            try EnvironmentIntegration(record)
        }
    }

    /// - Throws: `.stale` where `patch.version` is not the stored one.
    package func update(
        _ id: String, environment: String, _ patch: EnvironmentIntegrationPatch
    ) async throws(AccountsError) -> EnvironmentIntegration {
        let record = try await retrying(
            read: { () async throws(AccountsError) in try await self.record(id, environment) },
            given: patch.version, version: \.record.version
        ) { (old) async throws(AccountsError) in try await self.write(patch, over: old) }
        cache.drop(Key(id: id, environment: environment))
        return try EnvironmentIntegration(record)
    }

    private func write(
        _ patch: EnvironmentIntegrationPatch, over old: Encrypted<EnvironmentIntegrationRecord>
    ) async throws(AccountsError) -> EnvironmentIntegrationRecord? {
        var record = old.record
        record.version += 1
        record.updatedAt = effects.now()
        record.isEnabled = patch.isEnabled ?? record.isEnabled
        record.showInCatalog = patch.showInCatalog ?? record.showInCatalog
        var sealed = EncryptedChange.keep
        if let override = patch.override {
            guard override.isNull || override.object != nil else {
                throw .invalid("override", "override must be an object")
            }
            let place = EncryptionContext.secrets(of: record.id, environment: record.environmentID)
            let known = try vault.open(old.secrets, for: place)
            let full = override.object?.keeping(secrets: known) ?? [:]
            try StoredDocument.checkSize(full, "override")
            let (open, secret) = SecretPaths.integrationOverride.union(.leaves(of: known)).split(full)
            try StoredDocument.checkSecrets(secret, known: known, "override")
            record.override = Document.text(open)
            sealed = try vault.change(from: old.secrets, old: known, to: secret, for: place, at: record.updatedAt)
        }
        let (changed, change) = (record, sealed)
        let detail: JSONObject = [
            "before": Audit.hash(try EnvironmentIntegration(old.record).json()),
            "after": Audit.hash(try EnvironmentIntegration(changed).json()),
            "changes_secrets": .bool(change != .keep),
        ]
        let entry = Audit.entry(
            "environment_integration.updated", changed.id, changed.environmentID, detail, at: changed.updatedAt
        )
        let isWritten = try await stored { () async throws(StorageError) in
            try await store.recording(entry).updateEnvironmentIntegration(changed, sealed: change)
        }
        return isWritten ? changed : nil
    }

    /// - Throws: `.inUse` while accounts use it.
    package func uninstall(_ id: String, environment: String) async throws(AccountsError) {
        let isDeleted: Bool
        do {
            let entry = Audit.entry("environment_integration.uninstalled", id, environment, at: effects.now())
            isDeleted = try await store.recording(entry).deleteEnvironmentIntegration(id, environment: environment)
        } catch {
            throw error.code == .reference
                ? .inUse("integrated accounts still use this integration; delete them first") : .storage(error)
        }
        cache.drop(Key(id: id, environment: environment))
        if !isDeleted { throw .notFound("environment integration") }
    }

    /// The installation with its secrets, for a call; from memory where it was read in the last second.
    package func resolve(_ id: String, environment: String) async throws(AccountsError) -> ResolvedInstallation {
        let found = try await cache.value(Key(id: id, environment: environment)) {
            [store, vault] (old) async throws(AccountsError) in
            let found = try await stored { () async throws(StorageError) in
                try await store.environmentIntegration(id, environment: environment)
            }
            guard let found else { return nil }
            if let old, old.stored == found { return old }
            let shown = try EnvironmentIntegration(found.record)
            let secrets = try vault.open(found.secrets, for: .secrets(of: id, environment: environment))
            return ResolvedInstallation(installation: shown, secrets: Secret(secrets), stored: found)
        }
        guard let found else { throw .notFound("environment integration") }
        return found
    }

    private func record(
        _ id: String, _ environment: String
    ) async throws(AccountsError) -> Encrypted<EnvironmentIntegrationRecord> {
        let found = try await stored { () async throws(StorageError) in
            try await store.environmentIntegration(id, environment: environment)
        }
        guard let found else { throw .notFound("environment integration") }
        return found
    }
}
