import JSON
import Storage
import Synchronization
import Testing

@testable import Accounts

/// What stored credentials are exchanged for is kept fresh as tokens are.
@Suite struct SessionRefreshTests {
    /// A vendor that opens sessions, and counts them.
    final class Vendor: Sendable {
        private let state = Mutex((opened: 0, refusal: OAuthFailure?.none, takes: String?.none))
        let life: Int

        init(life: Int = 600) { self.life = life }

        var opened: Int { state.withLock(\.opened) }
        func refuse(_ failure: OAuthFailure?) { state.withLock { $0.refusal = failure } }
        /// Only accounts with this access token are let in.
        func take(_ token: String) { state.withLock { $0.takes = token } }

        func open(_ account: ResolvedAccount) throws -> Secret<JSONObject> {
            let token = account.accessToken?.exposed()
            let number = try state.withLock { state in
                if let refusal = state.refusal { throw refusal }
                if let takes = state.takes, takes != token {
                    throw OAuthFailure("credentials_refused", "Who are you?", status: 401)
                }
                state.opened += 1
                return state.opened
            }
            return Secret(["token": .string("s\(number)"), "expires_in": .number(JSONNumber(life)), "host": "h"])
        }
    }

    private func node(
        _ harness: Harness, _ vendor: Vendor, _ server: RotatingServer = RotatingServer()
    ) async throws -> (accounts: IntegratedAccountService, refresh: RefreshService) {
        let accounts = try await harness.otherNode().integratedAccounts
        let hooks = RefreshDependencies(
            client: { $0.account.authenticationMethod == "oauth2" ? RefreshServiceTests.client : nil },
            send: { try server.response($0) },
            session: { account in { try vendor.open(account) } },
            sleep: { duration in await Task { try? await Task.sleep(for: duration / 10) }.value }
        )
        return (
            accounts,
            RefreshService(accounts: accounts, leases: harness.store, effects: harness.world.effects, hooks: hooks)
        )
    }

    private func account(_ harness: Harness, method: String = "key", context: JSONObject = ["api_key": "key-one"]) async throws -> String {
        try await harness.services.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "t1", installation: .integration("acme"), authenticationMethod: method, context: Secret(context)),
            environment: harness.environment
        ).id
    }

    private func token(_ account: ResolvedAccount?) -> String? { account?.session?["token"]?.string }

    @Test func `of 300 calls on three nodes one opens it`() async throws {
        try await Harness.run { harness in
            let vendor = Vendor()
            let id = try await account(harness)
            let nodes = [try await node(harness, vendor), try await node(harness, vendor), try await node(harness, vendor)]
            try await withThrowingTaskGroup(of: String?.self) { group in
                for call in 0..<300 {
                    group.addTask { token(try await nodes[call % 3].refresh.resolve(id, environment: harness.environment)) }
                }
                for try await token in group { #expect(token == "s1") }
            }
            #expect(vendor.opened == 1)
        }
    }

    @Test func `is stored where secrets are, and shown to nobody`() async throws {
        try await Harness.run { harness in
            let id = try await account(harness)
            let (accounts, refresh) = try await node(harness, Vendor())
            _ = try await refresh.resolve(id, environment: harness.environment)
            let shown = try await accounts.get(id, environment: harness.environment)
            #expect(shown.context["session"] == nil)
        }
    }

    @Test func `is renewed ahead of its end, and when the vendor says that it has ended`() async throws {
        try await Harness.run { harness in
            let vendor = Vendor(life: 600)
            let id = try await account(harness)
            let (_, refresh) = try await node(harness, vendor)
            let first = try await refresh.resolve(id, environment: harness.environment)
            harness.world.pass(seconds: 400)
            #expect(token(try await refresh.resolve(id, environment: harness.environment)) == "s1")
            harness.world.pass(seconds: 175)
            #expect(token(try await refresh.resolve(id, environment: harness.environment)) == "s2")
            let second = try await refresh.resolve(id, environment: harness.environment)
            #expect(token(try await refresh.replacement(for: second)) == "s3")
            // Who was refused with an older one gets what there is.
            #expect(token(try await refresh.replacement(for: first)) == "s3")
            #expect(vendor.opened == 3)
        }
    }

    @Test func `ends with the credentials that it was opened with`() async throws {
        try await Harness.run { harness in
            let vendor = Vendor()
            let id = try await account(harness)
            let (accounts, refresh) = try await node(harness, vendor)
            let old = try await refresh.resolve(id, environment: harness.environment)
            _ = try await accounts.swapCredentials(
                id, environment: harness.environment, ifVersion: old.credentialsVersion, context: Secret(["api_key": "key-two"]))
            #expect(token(try await refresh.resolve(id, environment: harness.environment)) == "s2")
        }
    }

    @Test func `that is refused for wrong credentials needs a person, for other reasons another call`() async throws {
        try await Harness.run { harness in
            let vendor = Vendor()
            let (accounts, refresh) = try await node(harness, vendor)
            let id = try await account(harness)
            vendor.refuse(OAuthFailure("session_failed", "Maintenance", status: 400))
            _ = try await refresh.resolve(id, environment: harness.environment)
            var shown = try await accounts.get(id, environment: harness.environment)
            #expect(shown.status == .active && shown.lastError?["message"] == "Maintenance")
            vendor.refuse(OAuthFailure("credentials_refused", "Wrong password", status: 401))
            _ = try await refresh.resolve(id, environment: harness.environment)
            shown = try await accounts.get(id, environment: harness.environment)
            #expect(shown.status == .needsReauth && shown.lastError?["message"] == "Wrong password")
        }
    }

    @Test func `of an OAuth account is opened again with a new token before anyone is bothered`() async throws {
        try await Harness.run { harness in
            let (vendor, server) = (Vendor(), RotatingServer())
            vendor.take("a1")
            let id = try await account(
                harness, method: "oauth2",
                context: ["oauth": ["token": ["access_token": "a0", "refresh_token": "r0", "expires_in": 3600]]])
            let (accounts, refresh) = try await node(harness, vendor, server)
            #expect(token(try await refresh.resolve(id, environment: harness.environment)) == "s1")
            #expect(server.calls == 1)
            #expect(try await accounts.get(id, environment: harness.environment).status == .active)
        }
    }
}
