import Accounts
import Gateway
import JSON
import Logging
import NIOHTTP1
import Sandbox
import Storage
import StorageTestSupport
import Synchronization
import Testing
import Unified
import Upstream

/// Several nodes on one PostgreSQL keep together below what a provider allows.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed")) struct SharedRateLimitTests {
    static let servers: [StoreKind] = StoreKind.tested.filter { $0 != .sqlite }

    @Test(arguments: servers)
    func `three limiters that hammer one account let through no more than the rule, in any window`(
        kind: StoreKind
    ) async throws {
        try await kind.withDatabase { address in
            let grants = Grants(interval: 20_000, tolerance: 9 * 20_000)
            let rule = GCRABucket.Rule(requests: 50, seconds: 1, burst: 10)
            let nodes = try await stores(3, on: address)
            let limiters = nodes.map { limiter(WatchedStore(base: StoredGCRABuckets($0), grants: grants)) }
            let clock = ContinuousClock()
            let start = clock.now
            var passed: [Duration] = []
            for _ in 0..<3 {
                try await withThrowingTaskGroup(of: Duration?.self) { group in
                    for turn in 0..<90 {
                        group.addTask {
                            let refusal = try await limiters[turn % 3].pass("a", [rule])
                            return refusal == nil ? start.duration(to: clock.now) : nil
                        }
                    }
                    for try await case let moment? in group { passed.append(moment) }
                }
            }
            // More were let through than one burst, and less than were asked for.
            #expect((30..<270).contains(passed.count))
            for (index, moment) in passed.sorted().enumerated() {
                #expect(Double(index + 1) <= 10 + 50 * (moment / .seconds(1)))
            }
            let moments = grants.moments.sorted()
            #expect(moments.count == passed.count)
            for first in moments.indices {
                for last in first..<moments.count {
                    #expect(last - first + 1 <= 10 + (moments[last] - moments[first]) / 20_000)
                }
            }
            for node in nodes { try node.close() }
        }
    }

    @Test(arguments: servers)
    func `three nodes make as many calls as one may`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await TestCluster.run(on: address) { cluster in
                let limits: JSONValue = ["limits": [["requests": 1, "seconds": 3600, "burst": 5]]]
                let account = try await account(in: cluster, override: ["rate_limit": limits])
                #expect(try await cluster.uploads(30, account) == [200: 5, 429: 25])
                #expect(try await cluster.sandbox.uploads() == 5)
            }
        }
    }

    @Test(arguments: servers)
    func `three nodes have as many calls under way as one may`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await TestCluster.run(on: address) { cluster in
                let (sandbox, nodes) = (cluster.sandbox, cluster.nodes)
                let account = try await account(in: cluster, override: ["rate_limit": ["limits": [["concurrent": 2]]]])
                _ = try await sandbox.control(
                    .POST, "behaviour", ["match": ["method": "POST"], "times": 2, "do": ["hold": true]])
                async let first = cluster.upload(account, at: nodes[0])
                async let second = cluster.upload(account, at: nodes[1])
                try await sandbox.waitForRequest("/v1/uploads", number: 2)
                #expect(try await cluster.upload(account, at: nodes[2]) == 429)
                _ = try await sandbox.control(.DELETE, "behaviour")
                #expect(try await [first, second] == [200, 200])
                #expect(try await cluster.upload(account, at: nodes[2]) == 200)
            }
        }
    }

    @Test(arguments: servers, ["token", "account"])
    func `three nodes let through as many calls of a token, and of an account, as one would`(
        kind: StoreKind, limited: String
    ) async throws {
        var configuration = GatewayConfiguration()
        let limit = RequestLimit(requests: 5, seconds: 36000)
        if limited == "token" { configuration.tokenLimit = limit } else { configuration.accountLimit = limit }
        try await kind.withDatabase { address in
            try await TestCluster.run(on: address, configuration: configuration) { cluster in
                let account = try await account(in: cluster)
                #expect(try await cluster.uploads(30, account) == [200: 5, 429: 25])
                #expect(try await cluster.sandbox.uploads() == 5)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a database that is away leaves each node to itself, until it is back`() async throws {
        let server = try await PostgresServer(binaries: try #require(PostgresServer.binaries))
        let nodes = try await stores(2, on: try await server.makeDatabase())
        let capture = SecretTests.Capture()
        func lines() -> Int { capture.lines.withLock { $0.count } }
        let first = limiter(StoredGCRABuckets(nodes[0]), patience: .seconds(1), Logger(label: "capture") { _ in capture })
        let second = limiter(StoredGCRABuckets(nodes[1]))
        let rule = GCRABucket.Rule(requests: 1, seconds: 3600, burst: 3)
        #expect(try await first.pass("a", [rule]) == nil)
        try await server.stop()
        for _ in 0..<2 { #expect(try await first.pass("a", [rule]) == nil) }
        #expect(try await first.pass("a", [rule]) != nil)
        #expect(lines() == 1)
        try await server.start()
        while lines() == 1 { _ = try await first.pass("another", [rule]) }
        // Not of the account from before: what was given up while the database was away may be counted after all.
        for limiter in [first, second, first] { #expect(try await limiter.pass("b", [rule]) == nil) }
        for limiter in [first, second] { #expect(try await limiter.pass("b", [rule]) != nil) }
        #expect(lines() == 2)
        for node in nodes { try node.close() }
    }

    /// An account of the sandbox vendor; its id.
    private func account(in cluster: TestCluster, override: JSONValue = [:]) async throws -> String {
        try await cluster.accounts.install(cluster.sandbox.demo, environment: cluster.environment)
        return try await cluster.accounts.integratedAccounts.create(
            NewIntegratedAccount(
                json: [
                    "tenant_id": "acme", "integration": "lever", "authentication_method": "api_key",
                    "context": ["api_key": .string(TestGateway.apiKey)], "integration_override": override,
                ]),
            environment: cluster.environment
        ).id
    }

    private func stores(_ count: Int, on address: String) async throws -> [SQLStore] {
        var stores: [SQLStore] = []
        for _ in 0..<count {
            let location = try #require(DatabaseLocation(address))
            stores.append(try await SQLStore.open(location, now: Effects.live.now()))
        }
        return stores
    }

    /// - Parameter patience: longer than a busy machine takes, where the store is not to be away.
    private func limiter(
        _ store: some GCRABucketStore, patience: Duration = .seconds(30),
        _ logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) -> CallLimiter {
        CallLimiter(
            longestWait: .milliseconds(500),
            shared: SharedBuckets(store: store, logger: logger, patience: patience, pause: .zero))
    }
}

/// When each call may go, by the database's clock, in microseconds.
private final class Grants: Sendable {
    private let kept = Mutex<[Int64]>([])
    let interval: Int64
    let tolerance: Int64

    init(interval: Int64, tolerance: Int64) {
        self.interval = interval
        self.tolerance = tolerance
    }

    var moments: [Int64] { kept.withLock { $0 } }

    func add(fullAt: Int64, now: Int64) {
        kept.withLock { $0.append(max(now, fullAt - interval - tolerance)) }
    }
}

private struct WatchedStore: GCRABucketStore {
    let base: StoredGCRABuckets
    let grants: Grants

    func change<Result: Sendable>(
        _ name: String, _ change: @escaping @Sendable ([Int64], Int64) -> (moments: [Int64]?, result: Result)
    ) async throws -> Result {
        let (result, grant) = try await base.change(name) { kept, now in
            let (moments, result) = change(kept, now)
            return (moments, (result, moments.map { (fullAt: $0[0], now: now) }))
        }
        if let grant { grants.add(fullAt: grant.fullAt, now: grant.now) }
        return result
    }
}
