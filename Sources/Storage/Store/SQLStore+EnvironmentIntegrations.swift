extension SQLStore: InstallationStore {
    package func insertEnvironmentIntegration(
        _ record: EnvironmentIntegrationRecord, sealed: EncryptedChange
    ) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(record)
            guard try session.apply(sealed) else { throw StorageError.conflict("it has secrets already") }
        }
    }

    package func environmentIntegration(
        _ id: String, environment: String
    ) async throws(StorageError) -> Encrypted<EnvironmentIntegrationRecord>? {
        try await engine.read { try $0.installation(where: "id = \(id) AND environment_id = \(environment)") }
    }

    package func environmentIntegration(
        named integration: String, environment: String
    ) async throws(StorageError) -> Encrypted<EnvironmentIntegrationRecord>? {
        try await engine.read {
            try $0.installation(where: "environment_id = \(environment) AND integration = \(integration)")
        }
    }

    package func environmentIntegrations(
        _ listing: Listing<EnvironmentIntegrationField>, environment: String
    ) async throws(StorageError) -> Page<EnvironmentIntegrationRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment)") }
    }

    package func updateEnvironmentIntegration(
        _ record: EnvironmentIntegrationRecord, sealed: EncryptedChange
    ) async throws(StorageError) -> Bool {
        do {
            try await engine.write { session in
                let condition: SQLStatement = """
                    id = \(record.id) AND environment_id = \(record.environmentID) AND version = \(record.version - 1)
                    """
                guard try session.update(record, where: condition), try session.apply(sealed) else {
                    throw StorageError.stale
                }
            }
            return true
        } catch .stale {
            return false
        }
    }

    package func deleteEnvironmentIntegration(
        _ id: String, environment: String
    ) async throws(StorageError) -> Bool {
        try await engine.write { session in
            let deleted = try session.run(
                "DELETE FROM environment_integrations WHERE id = \(id) AND environment_id = \(environment)"
            )
            guard deleted > 0 else { return false }
            try session.deleteSealed(of: [id])
            return true
        }
    }
}

extension SQLSession {
    fileprivate func installation(where condition: SQLStatement) throws -> Encrypted<EnvironmentIntegrationRecord>? {
        guard let record: EnvironmentIntegrationRecord = try first(where: condition) else { return nil }
        return Encrypted(record: record, secrets: try secrets(of: record.id))
    }
}
