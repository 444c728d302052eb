import Foundation
import JSON
import Storage
import StorageTestSupport
import Testing

@testable import Accounts

@Suite struct RefreshDisasterTests {
    private static func hooks(
        send: @escaping @Sendable (TokenRequest) async throws -> TokenResponse
    ) -> RefreshDependencies {
        RefreshDependencies(
            client: { _ in OAuthClient(clientID: "id", clientSecret: Secret("s"), tokenURL: "https://auth.example/token") },
            send: send
        )
    }

    private func account(_ harness: Harness) async throws -> String {
        let token: JSONValue = ["access_token": "a0", "refresh_token": "r0", "expires_in": 0]
        return try await harness.services.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "t1", installation: .integration("acme"), authenticationMethod: "oauth2",
                context: Secret(["oauth": ["token": token]])
            ),
            environment: harness.environment
        ).id
    }

    private func token(_ account: ResolvedAccount) -> String? {
        account.context.exposed()[["oauth", "token", "access_token"][...]]?.string
    }

    /// The tokens are the only ones there are, and the database is away for longer than it waits by itself.
    @Test(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"), arguments: ["fast", "immediate"])
    func `tokens that come while the database restarts are stored when it is back`(mode: String) async throws {
        let database = try await PostgresServer(binaries: try #require(PostgresServer.binaries))
        try await Harness.run(on: try await database.makeDatabase()) { harness in
            let server = RotatingServer()
            let id = try await account(harness)
            let refresh = harness.services.refreshing(
                Self.hooks { request in
                    let response = try server.response(request)
                    try await database.stop(mode: mode)
                    Task { try await database.start() }
                    return response
                })
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<30 {
                    group.addTask { token(try await refresh.resolve(id, environment: harness.environment)) }
                }
                for try await token in group { #expect(token == "a1") }
            }
            #expect(server.calls == 1)
        }
    }

    @Test(arguments: StoreKind.tested)
    func `a node killed in mid-refresh leaves the account to the others`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await Harness.run(on: address) { harness in
                let id = try await account(harness)
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [address = address as String, id = id as String, environment = harness.environment as String] in
                    let world = World()
                    let store = try await SQLStore.open(
                        try #require(DatabaseLocation(address)), now: world.effects.now()
                    )
                    let vault = Vault(ring: try KeyRing(Secret(Harness.keyText)), effects: world.effects)
                    let services = try await AccountServices(store: store, vault: vault, effects: world.effects)
                    let refresh = RefreshService(
                        accounts: services.integratedAccounts, leases: store, effects: world.effects,
                        hooks: Self.hooks { _ in
                            kill(getpid(), SIGKILL)
                            return .json(500, "")
                        }, leaseSeconds: 2
                    )
                    _ = try await refresh.resolve(id, environment: environment)
                }
                let server = RotatingServer()
                let refresh = harness.services.refreshing(Self.hooks { try server.response($0) })
                let account = try await refresh.resolve(id, environment: harness.environment)
                #expect(token(account) == "a1")
                #expect(server.calls == 1)
            }
        }
    }
}
