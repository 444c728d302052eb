import Foundation
import StorageTestSupport
import Testing

@testable import Storage

/// Runs `body` on a new store of each kind.
func withStore(
    _ kinds: [StoreKind] = StoreKind.tested, _ body: (SQLStore, _ address: String) async throws -> Void
) async throws {
    for kind in kinds {
        do {
            try await kind.withDatabase { address in
                let store = try await SQLStore.open(try #require(DatabaseLocation(address)), now: .start)
                do { try await body(store, address) } catch {
                    try? store.close()
                    throw error
                }
                try? store.close()
            }
        } catch {
            Issue.record(error, "on \(kind)")
        }
    }
}

extension Timestamp {
    static let start = Timestamp(millisecondsSinceEpoch: 1_767_225_600_000)
    static func start(plus seconds: Int64) -> Self { start.adding(seconds: seconds) }
}

extension SQLStore {
    /// A team, an environment and an installed integration, all named by their kind and `suffix`.
    func seed(_ suffix: String = "1") async throws -> (environment: String, installation: String) {
        try await insertTeam(TeamRecord(id: "team\(suffix)", name: "Team", createdAt: .start, updatedAt: .start))
        try await insertEnvironment(
            EnvironmentRecord(
                id: "env\(suffix)", teamID: "team\(suffix)", name: suffix == "1" ? "Test" : "Test \(suffix)",
                createdAt: .start, updatedAt: .start
            )
        )
        try await insertEnvironmentIntegration(
            EnvironmentIntegrationRecord(
                id: "inst\(suffix)", environmentID: "env\(suffix)", integration: "acme", isEnabled: true,
                showInCatalog: true, override: "{}", createdAt: .start, updatedAt: .start
            ),
            sealed: .keep
        )
        return ("env\(suffix)", "inst\(suffix)")
    }
}

func account(_ id: String, _ at: Int64 = 0, tenant: String = "t", suffix: String = "1") -> AccountRecord {
    AccountRecord(
        id: id, environmentID: "env\(suffix)", environmentIntegrationID: "inst\(suffix)", integration: "acme",
        tenantID: tenant, authenticationMethod: "api_key", status: "active", createdAt: .start(plus: at),
        updatedAt: .start(plus: at)
    )
}

func sealed(_ owner: String, version: Int64 = 1, key: String = "k1", suffix: String = "1") -> EncryptedRecord {
    EncryptedRecord(
        ownerID: owner, field: EncryptedRecord.secretsField, environmentID: "env\(suffix)", keyID: key,
        envelope: "v1.\(key).\(owner)\(version)", version: version, updatedAt: .start
    )
}
