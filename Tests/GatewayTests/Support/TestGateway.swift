import Accounts
import AsyncHTTPClient
import Catalog
import JSON
import Logging
import Sandbox
import ServiceLifecycle
import Storage
import StorageTestSupport
import Telemetry
import Testing
import Unified
import Upstream

@testable import Gateway

/// A whole gateway over real sockets: a new database, a sandbox vendor, one environment, token, account.
struct TestGateway: Sendable {
    let baseURL: String
    let sandbox: SandboxServer
    let token: String
    let environmentID: String
    let accountID: String
    let accounts: AccountServices
    let routes: [Route]
    let unified: UnifiedService
    let upstream: Upstream
    /// Brings in limits, as SIGHUP does.
    let apply: @Sendable (GatewayConfiguration) -> Void
    /// Tells the gateway to end, as SIGTERM does.
    let drain: @Sendable () async -> Void
    /// Takes the database away.
    let closeDatabase: @Sendable () -> Void
    /// Ends once the gateway has.
    let running: AsyncStream<Never>

    /// A user of the sandbox that may act.
    static let performAs = "11111111-1111-4111-8111-111111111111"
    static let opportunity = "22222222-2222-4222-8222-222222222221"
    static let apiKey = "sandbox-lever-key"

    /// Runs `body` against a gateway that stands until it returns.
    ///
    /// - Parameters:
    ///   - kinds: the databases to do so on, one after another.
    ///   - overrides: what overrides may do; without the sandbox's host no account could be turned there.
    ///   - turns: a limit of the provider's calls for the definition to state; nil: none.
    ///   - providerConnections: how many calls may be at work at one provider at once.
    ///   - isPublic: whether the gateway knows where vendors reach it.
    ///   - connecting: makes the account; nil: one of the usual sandbox, by its key.
    static func run(
        on kinds: [StoreKind] = [.sqlite], limits: UnifiedService.Limits = UnifiedService.Limits(),
        configuration given: GatewayConfiguration = GatewayConfiguration(), sandboxOptions: SandboxOptions? = nil,
        sandbox definition: SandboxDefinition? = nil,
        provider: String? = nil, holes: [String] = [], effects: Effects? = nil, catalogFolders: [String] = [],
        turns: JSONValue? = nil, providerConnections: Int = 1024, meters: Meters? = nil, tls: ServerTLS? = nil,
        tracing: CallTracing? = nil,
        connecting: ((SandboxServer, Catalog) throws -> NewIntegratedAccount)? = nil,
        overrides: OverrideRules = OverrideRules(hosts: ["127.0.0.1", "localhost"]), isPublic: Bool = true,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        for kind in kinds {
            try await kind.withDatabase { database in
                var options = sandboxOptions ?? SandboxOptions()
                options.rateLimit = sandboxOptions?.rateLimit ?? false
                let sandbox = try await SandboxServer.start(definition ?? .lever, options: options)
                let store = try await SQLStore.open(try #require(DatabaseLocation(database)), now: Effects.live.now())
                let (ring, _) = try KeyRing.load(variable: Secret(TestCluster.key), file: nil)
                let accounts = try await AccountServices(store: store, vault: Vault(ring: ring), effects: effects ?? .live)
                let team = try await accounts.environments.createTeam(name: "Test")
                let environment = try await accounts.environments.create(name: "Test", teamID: team.id)
                let token = try await accounts.tokens.create(name: "test", environment: environment.id)
                // Not shared where ids may come again: plans are kept by the account's.
                let catalog =
                    try catalogFolders.isEmpty && effects == nil
                    ? Catalog.builtIn(overrides) : Catalog(folders: catalogFolders, overrides: overrides)
                let usual: () throws -> NewIntegratedAccount = {
                    try NewIntegratedAccount(
                        json: [
                            "tenant_id": "acme", "integration": "lever", "authentication_method": "api_key",
                            "context": ["api_key": .string(apiKey), "perform_as": .string(performAs)],
                            "integration_override": [
                                "base_url": .string(provider ?? sandbox.baseURL),
                                "rate_limit": ["limits": .array(turns.map { [$0] } ?? [])],
                            ],
                        ])
                }
                let account = try await accounts.integratedAccounts.create(
                    try connecting?(sandbox, catalog) ?? usual(), environment: environment.id)

                let observer = CallObserver(accounts.callLog, meters: meters, tracer: tracing?.tracer)
                var calling = Upstream.Configuration(
                    egress: EgressPolicy(holes: try (["127.0.0.1:\(sandbox.port)"] + holes).map(EgressAllowlistEntry.init)))
                calling.maxConnectionsPerOrigin = providerConnections
                calling.observer = { observer.ended($0) }
                calling.tracing = tracing
                let upstream = Upstream(calling)
                let credentials = CredentialManager(catalog: catalog, accounts: accounts, upstream: upstream, logger: logger)
                let parts = Services(
                    catalog: catalog, accounts: accounts, upstream: upstream, credentials: credentials, limits: limits,
                    logger: logger, patience: .seconds(30), observer: observer)
                var configuration = given
                configuration.port = 0
                let (ports, found) = AsyncStream.makeStream(of: Int.self)
                let server = GatewayServer(configuration, services: parts, logger: logger, tls: tls) { found.yield($0) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await WebhookSender(accounts, upstream: upstream, logger: logger, pause: .milliseconds(100)).run()
                    }
                    let services = ServiceGroup(services: [server], logger: logger)
                    let (running, ended) = AsyncStream.makeStream(of: Never.self)
                    group.addTask {
                        defer { ended.finish() }
                        try await services.run()
                    }
                    var iterator = ports.makeAsyncIterator()
                    let port = await iterator.next() ?? 0
                    if isPublic { parts.publicAddress.set("http://127.0.0.1:\(port)") }
                    let gateway = TestGateway(
                        baseURL: "http://127.0.0.1:\(port)", sandbox: sandbox, token: token.secret.exposed(),
                        environmentID: environment.id, accountID: account.id, accounts: accounts, routes: server.routes,
                        unified: parts.unified, upstream: upstream, apply: { server.apply($0) },
                        drain: { await services.triggerGracefulShutdown() },
                        closeDatabase: { try? store.close() },
                        running: running)
                    do {
                        try await body(gateway)
                    } catch {
                        group.cancelAll()
                        await sandbox.shutdown()
                        throw error
                    }
                    group.cancelAll()
                    await sandbox.shutdown()
                }
                upstream.shutdown()
                try? store.close()
            }
        }
    }
}
