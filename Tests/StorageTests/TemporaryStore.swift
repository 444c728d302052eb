import Foundation
@testable import Storage

/// A store on a file of its own, gone after `body`.
func withStore<Result>(_ body: (SQLStore, _ path: String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("store.sqlite").path
    let store = try await SQLStore.open(.sqlite(path: path), now: .start)
    let result = try await body(store, path)
    try? store.close()
    return result
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
                id: "env\(suffix)", teamID: "team\(suffix)", name: "Test", createdAt: .start, updatedAt: .start
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

func sealed(_ owner: String, version: Int64 = 1, key: String = "k1", suffix: String = "1") -> SealedRecord {
    SealedRecord(
        ownerID: owner, field: SealedRecord.secretsField, environmentID: "env\(suffix)", keyID: key,
        envelope: "v1.\(key).\(owner)\(version)", version: version, updatedAt: .start
    )
}
