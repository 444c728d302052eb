import JSON
import Storage
import Synchronization
import Testing

@testable import Accounts

@Suite struct RefreshServiceTests {
    static let client = OAuthClient(
        clientID: "id", clientSecret: Secret("s3cret"), tokenURL: "https://auth.example/token"
    )

    /// What a node's refreshing saw.
    final class Log: Sendable {
        private let list = Mutex<[AccountEvent.Kind]>([])
        var events: [AccountEvent.Kind] { list.withLock { $0 } }
        func add(_ event: AccountEvent) { list.withLock { $0.append(event.kind) } }
    }

    private func node(
        _ harness: Harness, _ server: RotatingServer, log: Log = Log(), leaseSeconds: Int64 = 20,
        send: (@Sendable (TokenRequest) async throws -> TokenResponse)? = nil
    ) async throws -> (accounts: IntegratedAccountService, refresh: RefreshService) {
        let accounts = try await harness.otherNode().integratedAccounts
        let hooks = RefreshDependencies(
            client: { $0.account.authenticationMethod == "oauth2" ? Self.client : nil },
            send: send ?? { try server.response($0) }, event: { log.add($0) },
            sleep: { duration in await Task { try? await Task.sleep(for: duration / 10) }.value }
        )
        let service = RefreshService(
            accounts: accounts, leases: harness.store, effects: harness.world.effects, hooks: hooks,
            leaseSeconds: leaseSeconds
        )
        return (accounts, service)
    }

    private func account(_ harness: Harness, expiresIn: Int = 3600, method: String = "oauth2") async throws -> String {
        try await harness.services.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "t1", installation: .integration("acme"), authenticationMethod: method,
                context: Secret([
                    "oauth": [
                        "token": [
                            "access_token": "a0", "refresh_token": "r0", "expires_in": .number(JSONNumber(expiresIn)),
                        ]
                    ]
                ])
            ),
            environment: harness.environment
        ).id
    }

    private func accessToken(_ account: ResolvedAccount) -> String? {
        account.context.exposed()[["oauth", "token", "access_token"][...]]?.string
    }

    /// Seconds of life, seconds ahead of the end from which on calls renew a token beside them, and before them.
    @Test(arguments: [(3600, 300, 30), (1500, 300, 30), (300, 60, 15), (60, 12, 3), (0, 0, 0)])
    func `a token is renewed in the last fifth of its life, no matter how short that is`(
        life: Int, ahead: Int64, atOnce: Int64
    ) async throws {
        try await Harness.run { harness in
            let accounts = harness.services.integratedAccounts
            let id = try await account(harness, expiresIn: life)
            let margins = try await accounts.resolve(id, environment: harness.environment).margins(of: .token)
            #expect(margins == (ahead, atOnce))
        }
    }

    @Test func `of 100 calls on each of three nodes with an ended token one refreshes and none fails`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness, expiresIn: 0)
            let nodes = [
                try await node(harness, server), try await node(harness, server), try await node(harness, server),
            ]
            try await withThrowingTaskGroup(of: String?.self) { group in
                for call in 0..<300 {
                    group.addTask {
                        accessToken(
                            try await nodes[call % 3].refresh.resolve(id, environment: harness.environment)
                        )
                    }
                }
                for try await token in group { #expect(token == "a1") }
            }
            #expect(server.calls == 1)
            #expect(!server.isRevoked)
        }
    }

    @Test func `of 100 calls that were refused one refreshes, and each gets newer credentials`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness)
            let nodes = [
                try await node(harness, server), try await node(harness, server), try await node(harness, server),
            ]
            let refused = try await nodes[0].accounts.resolve(id, environment: harness.environment)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for call in 0..<100 {
                    group.addTask { try await nodes[call % 3].refresh.replacement(for: refused).flatMap(accessToken) }
                }
                for try await token in group { #expect(token == "a1") }
            }
            #expect(server.calls == 1)
        }
    }

    @Test func `a holder that dies before the provider hears of it costs the length of its lease`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness, expiresIn: 0)
            // As a node that was killed leaves it.
            let isHeld = try await harness.store.acquireLease("refresh \(id)", owner: "dead", seconds: 1, now: nil)
            #expect(isHeld)
            let (_, refresh) = try await node(harness, server)
            let token = accessToken(try await refresh.resolve(id, environment: harness.environment))
            #expect(token == "a1")
            #expect(server.calls == 1)
        }
    }

    @Test func `a caller that goes away loses no token`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness, expiresIn: 0)
            let (reached, reach) = AsyncStream<Void>.makeStream()
            let (gate, open) = AsyncStream<Void>.makeStream()
            let (_, refresh) = try await node(harness, server) { request in
                let response = try server.response(request)
                reach.finish()
                for await _ in gate {}
                return response
            }
            let caller = Task { try await refresh.resolve(id, environment: harness.environment) }
            for await _ in reached {}
            caller.cancel()
            open.finish()
            _ = try? await caller.value
            let other = try await node(harness, server)
            let token = accessToken(try await other.refresh.resolve(id, environment: harness.environment))
            #expect(token == "a1")
            #expect(server.calls == 1)
        }
    }

    @Test func `an ended authorization is told once, with its cause and the next step, and calls stop asking`() async throws {
        try await Harness.run { harness in
            let (server, log) = (RotatingServer(), Log())
            server.revoke()
            let id = try await account(harness, expiresIn: 0)
            let (accounts, refresh) = try await node(harness, server, log: log)
            for _ in 0..<3 {
                let account = try await refresh.resolve(id, environment: harness.environment)
                #expect(try await refresh.replacement(for: account) == nil)
            }
            let account = try await accounts.get(id, environment: harness.environment)
            #expect(account.status == .needsReauth)
            #expect(account.lastError?["code"] == "invalid_grant")
            #expect(account.lastError?["message"] == "The token was used")
            #expect(account.lastError?["next_step"]?.string?.contains("link token") == true)
            #expect(server.calls == 1)
            #expect(log.events == [.authenticationError])
        }
    }

    @Test func `a refusal is not believed when another has stored newer credentials meanwhile`() async throws {
        try await Harness.run { harness in
            let (server, log) = (RotatingServer(), Log())
            let id = try await account(harness, expiresIn: 0)
            let (accounts, refresh) = try await node(harness, server, log: log) { request in
                // A person connects anew while the request is under way.
                let patch: JSONObject = ["oauth": ["token": ["access_token": "new", "refresh_token": "n", "expires_in": 99]]]
                _ = try await harness.services.integratedAccounts.swapCredentials(
                    id, environment: harness.environment, ifVersion: 1, context: Secret(patch)
                )
                return .json(400, #"{"error":"invalid_grant"}"#)
            }
            let account = try await refresh.resolve(id, environment: harness.environment)
            #expect(accessToken(account) == "new")
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
            #expect(log.events.isEmpty)
        }
    }

    @Test func `a provider that stumbles is asked again, one that stays away costs the account nothing`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness, expiresIn: 0)
            let (accounts, refresh) = try await node(harness, server)
            server.next(nil, .json(503, "busy"), .json(502, "<html>"))
            _ = try await refresh.resolve(id, environment: harness.environment)
            let account = try await accounts.get(id, environment: harness.environment)
            #expect(account.status == .active)
            #expect(account.lastError?["code"] == "server_error")
            server.next(nil, .json(429, "busy"))
            let token = accessToken(try await refresh.resolve(id, environment: harness.environment))
            #expect(token == "a1")
            #expect(try await accounts.get(id, environment: harness.environment).lastError == nil)
        }
    }

    @Test func `a wrong client is the operator's fault, not the account's`() async throws {
        try await Harness.run { harness in
            let server = RotatingServer()
            let id = try await account(harness)
            let (accounts, refresh) = try await node(harness, server)
            server.next(.json(401, #"{"error":"invalid_client"}"#))
            let outcome = try await refresh.refresh(id, environment: harness.environment)
            guard case .failed(let failure) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(failure.code == "invalid_client")
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
        }
    }

    @Test func `an API key that is refused needs a person, and one that is accepted again lives`() async throws {
        try await Harness.run { harness in
            let (server, log) = (RotatingServer(), Log())
            let id = try await harness.account().id
            let (accounts, refresh) = try await node(harness, server, log: log)
            let account = try await accounts.resolve(id, environment: harness.environment)
            for _ in 0..<2 { #expect(try await refresh.replacement(for: account) == nil) }
            let broken = try await accounts.resolve(id, environment: harness.environment)
            #expect(broken.account.status == .needsReauth)
            try await refresh.accepted(broken)
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
            #expect(log.events == [.authenticationError, .reactivated])
            #expect(server.calls == 0)
        }
    }

    @Test func `a refresh that is asked for revives an account, and one ahead of time lets calls go on`() async throws {
        try await Harness.run { harness in
            let (server, log) = (RotatingServer(), Log())
            let id = try await account(harness, expiresIn: 200)
            let (accounts, refresh) = try await node(harness, server, log: log)
            server.next(.json(400, #"{"error":"invalid_grant"}"#))
            let outcome = try await refresh.refresh(id, environment: harness.environment)
            guard case .dead = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try await refresh.refresh(id, environment: harness.environment) == .refreshed)
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
            #expect(log.events == [.authenticationError, .reactivated])
        }
    }
}
