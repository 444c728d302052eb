import Foundation
import JSON
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Accounts

/// A clock that stands still until it is moved, and random bytes that are the same in every run.
final class World: Sendable {
    private let milliseconds = Mutex<Int64>(1_767_225_600_000)
    private let counter = Mutex<UInt64>(0)

    func pass(seconds: Double) { milliseconds.withLock { $0 += Int64(seconds * 1000) } }

    var effects: Effects {
        Effects(
            now: { Timestamp(millisecondsSinceEpoch: self.milliseconds.withLock { $0 }) },
            uptime: { .milliseconds(self.milliseconds.withLock { $0 }) },
            randomBytes: { count in
                (0..<count).map { _ in
                    self.counter.withLock { state in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return UInt8(state >> 56)
                    }
                }
            }
        )
    }
}

/// A database of its own with everything on it.
struct Harness {
    let world: World
    let store: SQLStore
    let vault: Vault
    let services: AccountServices
    let environment: String

    static let keyText = "main:" + String(repeating: "0a", count: 32)

    /// Runs `body` on a new database of each kind.
    static func run(_ body: (Harness) async throws -> Void) async throws {
        for kind in StoreKind.tested {
            do {
                try await kind.withDatabase { try await run(on: $0, body) }
            } catch {
                Issue.record(error, "on \(kind)")
            }
        }
    }

    /// Runs `body` on the database at `address`, which has to be empty.
    static func run(on address: String, _ body: (Harness) async throws -> Void) async throws {
        let world = World()
        let store = try await SQLStore.open(try #require(DatabaseLocation(address)), now: world.effects.now())
        defer { try? store.close() }
        let vault = Vault(ring: try KeyRing(Secret(keyText)), effects: world.effects)
        let services = try await AccountServices(store: store, vault: vault, effects: world.effects, cacheSize: 100)
        let environment = try await services.environments.create(name: "Test").id
        try await body(
            Harness(world: world, store: store, vault: vault, services: services, environment: environment)
        )
    }

    /// A second node on the same database.
    func otherNode(key: String = keyText) async throws -> AccountServices {
        let vault = Vault(ring: try KeyRing(Secret(key)), effects: world.effects)
        return try await AccountServices(store: store, vault: vault, effects: world.effects)
    }

    func account(
        _ context: JSONObject = ["api_key": "canary-key", "subdomain": "acme"], secretPaths: [String] = []
    ) async throws -> IntegratedAccount {
        try await services.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "t1", installation: .integration("acme"), authenticationMethod: "api_key",
                context: Secret(context)
            ),
            environment: environment, secretPaths: SecretPaths(secretPaths)
        )
    }

    func context(_ id: String) async throws -> JSONObject {
        try await services.integratedAccounts.resolve(id, environment: environment).context.exposed()
    }
}

/// Expects that `body` throws an `AccountsError` of that code.
func expect(
    _ code: AccountsError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown, \(code) was expected", sourceLocation: sourceLocation)
    } catch let error as AccountsError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) was thrown, \(code) was expected", sourceLocation: sourceLocation)
    }
}

extension RefreshService {
    /// The account as a call gets it.
    func resolve(_ id: String, environment: String) async throws(AccountsError) -> ResolvedAccount {
        try await fresh(try await accounts.resolve(id, environment: environment))
    }
}
