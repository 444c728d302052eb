import Accounts
import AsyncHTTPClient
import Catalog
import Gateway
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Sandbox
import Storage
import Testing
import Unified
import Upstream

/// Nodes of one gateway: each with services, caches and connections of its own, on one database, over real sockets.
struct TestCluster: Sendable {
    /// Where each node is.
    let nodes: [String]
    let sandbox: SandboxServer
    let token: String
    let environment: String
    /// The first node's.
    let accounts: AccountServices
    let client: HTTPClient

    static let key = "main:" + String(repeating: "0b", count: 32)

    /// Runs `body` against a cluster that stands until it returns.
    ///
    /// - Parameters:
    ///   - keys: the master keys of every node.
    ///   - leaseSeconds: how long nodes wait for one that died while it refreshed.
    static func run(
        _ count: Int = 3, on address: String, keys: String = key, leaseSeconds: Int64 = 20,
        configuration given: GatewayConfiguration = GatewayConfiguration(), _ body: (TestCluster) async throws -> Void
    ) async throws {
        let sandbox = try await SandboxServer.start(.lever, options: SandboxOptions(rateLimit: false))
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 200
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<Void, any Error>
        do {
            result = .success(
                try await withThrowingTaskGroup(of: Void.self) { group in
                    var nodes: [Node] = []
                    for _ in 0..<count {
                        nodes.append(try await Node.start(address, keys, sandbox, leaseSeconds, given, in: &group))
                    }
                    let accounts = nodes[0].accounts
                    let environment = try await accounts.environments.create(name: "Fleet").id
                    let token = try await accounts.tokens.create(name: "fleet", environment: environment)
                    defer { group.cancelAll() }
                    try await body(
                        TestCluster(
                            nodes: nodes.map(\.address), sandbox: sandbox, token: token.secret.exposed(),
                            environment: environment, accounts: accounts, client: client))
                })
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        await sandbox.shutdown()
        try result.get()
    }

    /// Stores a small file by the node at `address`; the status.
    func upload(_ account: String, at address: String) async throws -> Int {
        let form = Form(Form.resume)
        var request = HTTPClientRequest(url: "\(address)/unified/ats/attachments?integrated_account_id=\(account)")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.headers.add(name: "content-type", value: form.contentType)
        request.body = .bytes(form.body)
        let response = try await client.execute(request, timeout: .minutes(3))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }

    /// Makes that many uploads at once, spread over the nodes; how often each status was answered.
    func uploads(_ count: Int, _ account: String) async throws -> [Int: Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for turn in 0..<count {
                group.addTask { try await upload(account, at: nodes[turn % nodes.count]) }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }
}

private struct Node: Sendable {
    let address: String
    let accounts: AccountServices

    static func start(
        _ database: String, _ keys: String, _ sandbox: SandboxServer, _ leaseSeconds: Int64,
        _ configuration: GatewayConfiguration, in group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws -> Node {
        let store = try await SQLStore.open(try #require(DatabaseLocation(database)), now: Effects.live.now())
        let (ring, _) = try KeyRing.load(variable: Secret(keys), file: nil)
        let accounts = try await AccountServices(store: store, vault: Vault(ring: ring))
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let catalog = try Catalog.builtIn(OverrideRules(hosts: ["127.0.0.1"]))
        let upstream = Upstream(.init(egress: EgressPolicy(holes: [try EgressAllowlistEntry("127.0.0.1:\(sandbox.port)")])))
        let credentials = CredentialManager(
            catalog: catalog, accounts: accounts, upstream: upstream, logger: logger, leaseSeconds: leaseSeconds)
        var configuration = configuration
        configuration.port = 0
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            configuration,
            services: Services(
                catalog: catalog, accounts: accounts, upstream: upstream, credentials: credentials, logger: logger,
                patience: .seconds(30)),
            logger: logger
        ) { found.yield($0) }
        group.addTask {
            defer {
                found.finish()
                upstream.shutdown()
                try? store.close()
            }
            try await server.run()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        return Node(address: "http://127.0.0.1:\(port)", accounts: accounts)
    }
}
