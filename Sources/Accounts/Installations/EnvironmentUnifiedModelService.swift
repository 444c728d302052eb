package import JSON
package import Storage

/// Installs unified models in environments, and keeps what an environment changes about them.
package final class EnvironmentUnifiedModelService: Sendable {
    private let store: any InstallationStore
    private let effects: Effects
    private let cache: FreshCache<Key, Found>

    private struct Key: Hashable, Sendable {
        var model: String
        var environment: String
    }

    /// That there is none is worth remembering as well: it is the usual case.
    private struct Found: Sendable {
        var record: EnvironmentUnifiedModelRecord?
        var model: EnvironmentUnifiedModel?
    }

    init(store: any InstallationStore, effects: Effects, cacheSize: Int) {
        self.store = store
        self.effects = effects
        cache = FreshCache(lifetime: .milliseconds(900), capacity: cacheSize, uptime: effects.uptime)
    }

    /// - Throws: `.alreadyExists`; `.notFound` for an unknown environment.
    package func install(
        _ model: String, environment: String, override: JSONObject = [:]
    ) async throws(AccountsError) -> EnvironmentUnifiedModel {
        try StoredDocument.checkSize(override, "override")
        let now = effects.now()
        let record = EnvironmentUnifiedModelRecord(
            id: effects.uuid(), environmentID: environment, model: model, override: Document.text(override),
            createdAt: now, updatedAt: now
        )
        do {
            let detail: JSONObject = ["unified_model": .string(model)]
            let entry = Audit.entry("environment_unified_model.installed", record.id, environment, detail, at: now)
            try await store.recording(entry).insertEnvironmentUnifiedModel(record)
        } catch {
            switch error.code {
            case .conflict: throw .alreadyExists("\(model) is installed in this environment already")
            case .reference: throw .notFound("environment")
            default: throw .storage(error)
            }
        }
        cache.drop(Key(model: model, environment: environment))
        return try EnvironmentUnifiedModel(record)
    }

    package func get(_ id: String, environment: String) async throws(AccountsError) -> EnvironmentUnifiedModel {
        try EnvironmentUnifiedModel(try await record(id, environment))
    }

    package func list(
        _ query: ListQuery<EnvironmentUnifiedModelField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<EnvironmentUnifiedModel> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.environmentUnifiedModels(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { (record) throws(AccountsError) in
            try EnvironmentUnifiedModel(record)
        }
    }

    /// Merges into the override, deep; `null` removes a member.
    ///
    /// - Throws: `.stale` where `version` is given and is not the stored one.
    package func update(
        _ id: String, environment: String, override patch: JSONObject, version: Int64? = nil
    ) async throws(AccountsError) -> EnvironmentUnifiedModel {
        let record = try await retrying(
            read: { () async throws(AccountsError) in try await self.record(id, environment) },
            given: version, version: \.version
        ) { (old) async throws(AccountsError) -> EnvironmentUnifiedModelRecord? in
            var record = old
            let override = try EnvironmentUnifiedModel(old).override
            let merged = override.merging(deep: patch)
            try StoredDocument.checkSize(merged, "override")
            record.override = Document.text(merged)
            record.version += 1
            record.updatedAt = effects.now()
            let changed = record
            let detail: JSONObject = [
                "unified_model": .string(changed.model),
                "before": Audit.hash(try EnvironmentUnifiedModel(old).json()),
                "after": Audit.hash(try EnvironmentUnifiedModel(changed).json()),
            ]
            let entry = Audit.entry(
                "environment_unified_model.updated", id, environment, detail, at: changed.updatedAt)
            let isWritten = try await stored { () async throws(StorageError) in
                try await store.recording(entry).updateEnvironmentUnifiedModel(changed)
            }
            return isWritten ? changed : nil
        }
        cache.drop(Key(model: record.model, environment: environment))
        return try EnvironmentUnifiedModel(record)
    }

    package func uninstall(_ id: String, environment: String) async throws(AccountsError) {
        let model = try await record(id, environment).model
        let entry = Audit.entry(
            "environment_unified_model.uninstalled", id, environment, ["unified_model": .string(model)],
            at: effects.now())
        let isDeleted = try await stored { () async throws(StorageError) in
            try await store.recording(entry).deleteEnvironmentUnifiedModel(id, environment: environment)
        }
        cache.drop(Key(model: model, environment: environment))
        if !isDeleted { throw .notFound("environment unified model") }
    }

    /// What the environment changes about a model, for a call; nil where it has not installed it. From memory where it
    /// was read in the last second.
    package func resolve(_ model: String, environment: String) async throws(AccountsError) -> EnvironmentUnifiedModel? {
        let found = try await cache.value(Key(model: model, environment: environment)) {
            [store] (old) async throws(AccountsError) in
            let record = try await stored { () async throws(StorageError) in
                try await store.environmentUnifiedModel(named: model, environment: environment)
            }
            if let old, old.record == record { return old }
            guard let record else { return Found() }
            return Found(record: record, model: try EnvironmentUnifiedModel(record))
        }
        return found?.model
    }

    private func record(
        _ id: String, _ environment: String
    ) async throws(AccountsError) -> EnvironmentUnifiedModelRecord {
        let record = try await stored { () async throws(StorageError) in
            try await store.environmentUnifiedModel(id, environment: environment)
        }
        guard let record else { throw .notFound("environment unified model") }
        return record
    }
}
