extension SQLStore: TokenStore {
    package func insertToken(_ token: TokenRecord) async throws(StorageError) {
        try await engine.write { try $0.insert(token) }
    }

    package func token(hash: String) async throws(StorageError) -> TokenRecord? {
        try await engine.read { try $0.first(where: "hash = \(hash) AND revoked_at IS NULL") }
    }

    package func token(_ id: String, environment: String) async throws(StorageError) -> TokenRecord? {
        try await engine.read {
            try $0.first(where: "id = \(id) AND environment_id = \(environment) AND revoked_at IS NULL")
        }
    }

    package func tokens(
        _ listing: Listing<TokenField>, environment: String
    ) async throws(StorageError) -> Page<TokenRecord> {
        try await engine.read { try $0.page(listing, where: "environment_id = \(environment) AND revoked_at IS NULL") }
    }

    package func revokeToken(
        _ id: String, environment: String, at time: Timestamp
    ) async throws(StorageError) -> TokenRecord? {
        try await engine.write { session in
            let condition: SQLStatement = "id = \(id) AND environment_id = \(environment) AND revoked_at IS NULL"
            let token = try session.first(TokenRecord.self, where: condition)
            let changed = try session.run(
                "UPDATE api_tokens SET revoked_at = \(time), updated_at = \(time) WHERE \(condition)"
            )
            return changed > 0 ? token : nil
        }
    }

    package func touchTokens(_ lastUsed: [String: Timestamp]) async throws(StorageError) {
        try await engine.write { session in
            // In one order everywhere: two nodes that lock the same rows in turn cannot block one another for good.
            for (id, time) in lastUsed.sorted(by: { $0.key < $1.key }) {
                try session.run(
                    """
                    UPDATE api_tokens SET last_used_at = \(time)
                    WHERE id = \(id) AND (last_used_at IS NULL OR last_used_at < \(time))
                    """)
            }
        }
    }
}
