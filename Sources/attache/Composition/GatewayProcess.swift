import Accounts
import Catalog
import Gateway
import Logging
import ServiceLifecycle
import Storage
import Telemetry
import UnixSignals
import Unified
import Upstream

/// A gateway and what runs beside it, until the process is told to end.
struct GatewayProcess: Sendable {
    var configuration: GatewayConfiguration
    var catalog: Catalog
    var database: OpenDatabase
    var egress: EgressPolicy
    var logger: Logger
    var limits = UnifiedService.Limits()
    var observing = Observing()
    /// nil: plain HTTP.
    var tls: ServerTLS?
    var threshold = LogThreshold(.info)
    /// nil: SIGHUP ends the process, as it does others.
    var reload: SettingsReload?
    /// Services that start before the gateway and end after it.
    var companions: [any Service] = []

    /// Runs until SIGTERM or SIGINT, then lets the calls under way end.
    func run(onRunning: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let files = OpenFiles.raiseLimit()
        let configuration = Self.bounded(configuration, files: files)
        let accounts = database.accounts
        var limits = limits
        limits.lookahead = configuration.lookahead
        if !configuration.spoolsToDisk { limits.spoolFolder = nil }
        limits.maxFileBytes = configuration.maxUploadBytes
        limits.maxInFlightBytes = configuration.maxInFlightBytes
        accounts.setLogBounds(observing.bounds)
        let registry = observing.metricsAddress.map { _ in PrometheusRegistry() }
        let meters = registry.map { Meters($0) }
        let spans = observing.tracesEndpoint.map { _ in SpanQueue() }
        let tracer = spans.map { OTLPTracer(queue: $0, share: observing.tracesShare) }
        let observer = CallObserver(accounts.callLog, meters: meters, tracer: tracer)
        var calling = Upstream.Configuration(
            egress: egress, maxConnectionsPerOrigin: configuration.providerConnections,
            shares: configuration.providerShares, pace: configuration.pace)
        calling.observer = { observer.ended($0) }
        let traced = observing.tracesHosts.map(HostPattern.init)
        calling.tracing = tracer.map { CallTracing(tracer: $0) { host in traced.contains { $0.matches(host) } } }
        if meters != nil || tracer != nil { database.store.transactions.set { observer.transacted(isWrite: $0, $1, succeeded: $2) } }
        let upstream = Upstream(calling)
        var companions = companions
        if let spans, let endpoint = observing.tracesEndpoint {
            companions.append(try TraceExport(endpoint: endpoint, queue: spans, logger: logger))
        }
        if let registry, let address = observing.metricsAddress {
            companions.append(
                MetricsServer(
                    host: address.host, port: address.port, registry: registry, logger: logger,
                    dropped: { accounts.callLog.dropped }))
        }
        let credentials = CredentialManager(
            catalog: catalog, accounts: accounts, upstream: upstream, logger: logger,
            onRefresh: { observer.refreshed($0, $1) })
        let gateway = GatewayServer(
            configuration,
            services: Services(
                catalog: catalog, accounts: accounts, upstream: upstream, credentials: credentials, limits: limits,
                logger: logger, observer: observer),
            logger: logger, tls: tls, onRunning: onRunning
        )
        if let reload {
            let (tls, threshold) = (tls, threshold)
            let apply: @Sendable (ReloadedValues) throws -> Void = { values in
                // First what may fail: then nothing has changed yet.
                if let files = values.tls { try tls?.use(files) }
                gateway.apply(Self.bounded(values.configuration, files: files))
                upstream.setEgress(values.egress)
                accounts.setLogBounds(values.bounds)
                threshold.set(values.level)
            }
            companions.append(HangupService(reload: reload, apply: apply, logger: logger))
        }
        let sender = WebhookSender(accounts, upstream: upstream, logger: logger)
        let services = companions + [Housekeeping(accounts: accounts, logger: logger), MemoryKeeping(), sender, gateway]
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        )
        // A bound for uploads that go on and on; those that stand still have ended by their own limits long before.
        group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds)
        let process = ServiceGroup(configuration: group)
        // What a gateway does by itself is not done by the user who started it.
        try await AuditActor.$current.withValue("system") { try await process.run() }
    }

    /// With a bound of connections where none is set: an upload needs two files, and the rest is for the database and
    /// whatever else the process has open.
    private static func bounded(_ configuration: GatewayConfiguration, files: Int?) -> GatewayConfiguration {
        var configuration = configuration
        if configuration.maxConnections == nil { configuration.maxConnections = files.map { max(($0 - 64) / 2, 16) } }
        return configuration
    }
}

/// What the accounts do beside calls, as a service.
private struct Housekeeping: Service {
    let accounts: AccountServices
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await accounts.run(logger: logger) }
    }
}

/// Gives memory back that a rush of calls has left behind.
private struct MemoryKeeping: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(10))) != nil { MemoryTrim.release() }
        }
    }
}
