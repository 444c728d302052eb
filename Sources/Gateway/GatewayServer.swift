import Accounts
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Unified

/// The HTTP surface as a service: listens until it is shut down, then lets the calls under way end.
package struct GatewayServer: Service {
    private let configuration: GatewayConfiguration
    private let responder: Responder
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void
    private let watch: DatabaseWatch
    private let callLog: CallLogService
    private let limiter: ConnectionLimiter
    private let live: LiveConfiguration
    private let tls: ServerTLS?
    private let publicAddress: PublicAddress

    /// - Parameters:
    ///   - tls: nil: plain HTTP.
    ///   - onRunning: called with the port once the server accepts connections.
    package init(
        _ configuration: GatewayConfiguration, services: Services, logger: Logger, tls: ServerTLS? = nil,
        onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.tls = tls
        live = LiveConfiguration(configuration)
        self.onRunning = onRunning
        if let url = configuration.publicURL { services.publicAddress.set(url) }
        publicAddress = services.publicAddress
        let limiter = RequestLimiter(services.sharedBuckets)
        callLog = services.accounts.callLog
        watch = DatabaseWatch { [accounts = services.accounts] in try await accounts.ping() }
        self.limiter = ConnectionLimiter(
            limit: configuration.maxConnections, perPeer: configuration.maxConnectionsPerPeer)
        responder = Responder(
            table: RouteTable(services, configuration, live, limiter, watch),
            authenticator: Authenticator(
                tokens: services.accounts.tokens, accountTokens: services.accounts.accountTokens), limiter: limiter,
            live: live, logger: logger, watch: watch,
            observer: services.observer, failedExchanges: services.accounts.failedExchanges)
    }

    /// Everything that is served.
    var routes: [Route] { responder.table.routes }

    /// Brings in what can change while the gateway serves: limits of calls and of connections, and the origins of pages.
    package func apply(_ configuration: GatewayConfiguration) {
        live.apply(configuration)
        limiter.set(limit: configuration.maxConnections, perPeer: configuration.maxConnectionsPerPeer)
    }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let connections = ClientConnections(
            responder: responder, configuration: configuration, executors: EventLoopExecutors(group), limiter: limiter,
            tls: tls)
        let server = connections.server(
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                // What the kernel allows, commonly 4,096: clients that come all at once wait, instead of being dropped.
                backlog: 4096),
            onServerRunning: { channel in
                await Self.bound(channel, limiter, logger)
                let port = channel.localAddress?.port ?? configuration.port
                // Sandboxes run on this machine, and fetch from it.
                if configuration.isDevelopment, publicAddress.url == nil { publicAddress.set("http://127.0.0.1:\(port)") }
                await onRunning(port)
            },
            eventLoopGroup: group, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [watch] in await watch.run() }
            tasks.addTask { [callLog, logger] in await callLog.run(logger: logger) }
            tasks.addTask { [failures = responder.failedExchanges, logger] in await failures.run(logger: logger) }
            if let tls { tasks.addTask { [logger] in await tls.watch(logger: logger) } }
            defer { tasks.cancelAll() }
            try await withGracefulShutdownHandler {
                try await server.run()
            } onGracefulShutdown: {
                responder.draining.begin()
            }
        }
    }

    /// Puts a bound before what is accepted from now on.
    private static func bound(_ channel: any Channel, _ limiter: ConnectionLimiter, _ logger: Logger) async {
        let added = channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptHandler(limiter, logger: logger), position: .first)
        }
        do { try await added.get() } catch { logger.error("Connections are not limited", metadata: ["error": "\(error)"]) }
    }
}

extension RouteTable {
    init(
        _ services: Services, _ configuration: GatewayConfiguration, _ live: LiveConfiguration, _ limiter: RequestLimiter,
        _ watch: DatabaseWatch
    ) {
        var table = RouteTable(routes: [])
        table.routes += HealthRoutes(watch: watch).routes
        table.routes += PlatformRoutes(services: services).routes
        table.routes += AuditRoutes(services: services).routes
        table.routes += LogRoutes(services: services).routes
        table.routes += CatalogRoutes(services: services).routes
        table.routes += CapabilityRoutes(services: services).routes
        table.routes += InstallationRoutes(services: services).routes
        // Before the routes of accounts, whose ids may be any word.
        table.routes += LinkRoutes(services: services).routes
        table.routes += AccountRoutes(services: services).routes
        table.routes += WebhookRoutes(services: services).routes
        table.routes += CredentialRoutes(services: services).routes
        table.routes += ConnectRoutes(services: services, configuration: configuration).routes
        table.routes += FileRoutes(links: services.accounts.fileLinks).routes
        table.routes +=
            UnifiedRoutes(
                services: services, live: live, limiter: limiter
            ).routes
        table.routes +=
            DocumentationRoutes(
                catalog: services.catalog, documenting: table.routes, isDevelopment: configuration.isDevelopment
            ).routes
        self = table
    }
}
