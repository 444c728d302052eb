import Accounts
import JSON
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing

/// Many calls, several nodes, one database, and a provider that ends a consent when a refresh token is used twice.
@Suite(.serialized) struct TestClusterTests {
    enum Sight: CaseIterable {
        /// The gateway knows that the token has ended.
        case known
        /// Only the provider does.
        case refused
    }

    private func expectOneRefresh(_ cluster: TestCluster, uploads: Int) async throws {
        let oauth = try await cluster.sandbox.oauth()
        #expect(oauth["refreshes"] == 1)
        #expect(oauth["revoked_consents"] == 0)
        #expect(try await cluster.sandbox.uploads() == uploads)
    }

    @Test(arguments: StoreKind.tested, Sight.allCases)
    func `a hundred calls at three nodes on a token that has ended cost one refresh and no call`(
        kind: StoreKind, sight: Sight
    ) async throws {
        try await kind.withDatabase { address in
            try await TestCluster.run(on: address) { cluster in
                let account = try await cluster.accounts.connectByOAuth(
                    cluster.sandbox, environment: cluster.environment, isOver: sight == .known)
                // An hour and more: every access token there is has ended.
                _ = try await cluster.sandbox.control(.POST, "clock", ["advance_ms": 3_700_000])
                #expect(try await cluster.uploads(100, account) == [200: 100])
                try await expectOneRefresh(cluster, uploads: 100)
            }
        }
    }

    @Test(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
    func `a node that is killed in mid-refresh costs the others no call`() async throws {
        try await StoreKind.postgres.withDatabase { address in
            try await TestCluster.run(2, on: address) { cluster in
                let account = try await cluster.accounts.connectByOAuth(
                    cluster.sandbox, environment: cluster.environment, isOver: true)
                _ = try await cluster.sandbox.control(
                    .POST, "behaviour",
                    ["match": ["method": "POST", "path": "/oauth/token"], "times": 1, "do": ["hold": true]])
                let tokenRequests = try await cluster.sandbox.requests("/oauth/token").count
                let doomed = try await ServeProcess.start(
                    database: address, key: TestCluster.key, egressAllow: "127.0.0.1:\(cluster.sandbox.port)")
                defer { doomed.killHard() }
                async let lost = try? cluster.upload(account, at: doomed.address)
                try await cluster.sandbox.waitForRequest("/oauth/token", number: tokenRequests + 1)
                doomed.killHard()
                let response = await lost
                #expect(response == nil)
                #expect(try await cluster.uploads(100, account) == [200: 100])
                try await expectOneRefresh(cluster, uploads: 100)
            }
        }
    }

    @Test(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"), arguments: ["fast", "immediate"])
    func `a database that restarts in mid-refresh costs no call`(mode: String) async throws {
        let database = try await PostgresServer(binaries: try #require(PostgresServer.binaries))
        try await TestCluster.run(on: try await database.makeDatabase()) { cluster in
            let account = try await cluster.accounts.connectByOAuth(
                cluster.sandbox, environment: cluster.environment, isOver: true)
            _ = try await cluster.sandbox.control(
                .POST, "behaviour", ["match": ["path": "/oauth/token"], "times": 1, "do": ["hold": true]])
            let tokenRequests = try await cluster.sandbox.requests("/oauth/token").count
            async let statuses = cluster.uploads(100, account)
            try await cluster.sandbox.waitForRequest("/oauth/token", number: tokenRequests + 1)
            try await database.stop(mode: mode)
            // The new tokens come while there is nowhere to keep them.
            _ = try await cluster.sandbox.control(.DELETE, "behaviour")
            try await database.start()
            let responses = try await statuses
            #expect(responses == [200: 100])
            try await expectOneRefresh(cluster, uploads: 100)
        }
    }
}
