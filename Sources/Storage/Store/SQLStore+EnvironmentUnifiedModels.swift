extension SQLStore {
    package func insertEnvironmentUnifiedModel(
        _ record: EnvironmentUnifiedModelRecord
    ) async throws(StorageError) {
        try await engine.write { try $0.insert(record) }
    }

    package func environmentUnifiedModel(
        _ id: String, environment: String
    ) async throws(StorageError) -> EnvironmentUnifiedModelRecord? {
        try await engine.read { try $0.first(where: "id = \(id) AND environment_id = \(environment)") }
    }

    package func environmentUnifiedModel(
        named model: String, environment: String
    ) async throws(StorageError) -> EnvironmentUnifiedModelRecord? {
        try await engine.read { try $0.first(where: "environment_id = \(environment) AND model = \(model)") }
    }

    package func environmentUnifiedModels(
        _ listing: Listing<EnvironmentUnifiedModelField>, environment: String
    ) async throws(StorageError) -> Page<EnvironmentUnifiedModelRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    package func updateEnvironmentUnifiedModel(
        _ record: EnvironmentUnifiedModelRecord
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.update(
                record,
                where: """
                    id = \(record.id) AND environment_id = \(record.environmentID) AND version = \(record.version - 1)
                    """
            )
        }
    }

    package func deleteEnvironmentUnifiedModel(
        _ id: String, environment: String
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.run(
                "DELETE FROM environment_unified_models WHERE id = \(id) AND environment_id = \(environment)"
            ) > 0
        }
    }
}
