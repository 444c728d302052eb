import Hummingbird
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pretend vendor that listens on a socket.
///
/// All of them run on one event loop of their own, so that in one process with a gateway neither slows the other's.
public final class SandboxServer: Sendable {
    /// The integration's name in a catalog.
    public let vendor: String
    let engine: Engine
    public let host: String
    /// The port it listens on.
    public let port: Int

    /// Where the vendor's API begins; paths as the vendor's own follow (`/v1/uploads`).
    public var baseURL: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    private let core: SandboxCore
    private let running: Task<Void, any Error>
    /// Never shut down: a server that has ended still lets go of its channels, in its own time, on their loop.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private init(
        engine: Engine, vendor: String, host: String, port: Int, core: SandboxCore,
        running: Task<Void, any Error>
    ) {
        self.engine = engine
        self.vendor = vendor
        self.host = host
        self.port = port
        self.core = core
        self.running = running
    }

    /// Starts a vendor and returns once it accepts connections.
    ///
    /// The caller ends it with `shutdown()`, or hands it to a service group.
    public static func start(
        _ definition: SandboxDefinition, options: SandboxOptions = SandboxOptions()
    ) async throws(SandboxError) -> SandboxServer {
        let core = SandboxCore(
            clock: SandboxClock(options.clock), spool: FileSpool(maxKeptBytes: options.maxKeptBytes)
        )
        let engine = try Engine(definition, core: core, options: options)
        let router = Router(context: SandboxContext.self)
        Controls(core: core, vendor: engine).addRoutes(to: router)
        let responder = SandboxResponder(controls: router.buildResponder(), engine: engine)

        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: ExchangeResponder(core: core, routes: responder),
            server: .http1(configuration: .init(additionalChannelHandlers: [ExchangeTap(core: core)])),
            configuration: ApplicationConfiguration(address: .hostname(options.host, port: options.port)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? options.port) },
            eventLoopGroupProvider: .shared(Self.group),
            logger: options.logger
        )
        let running = Task {
            defer { found.finish() }
            try await application.run()
        }
        for await port in ports {
            return SandboxServer(
                engine: engine, vendor: definition.vendor, host: options.host, port: port, core: core, running: running
            )
        }
        // Also reached when the caller was cancelled while it waited.
        running.cancel()
        let result = await running.result
        let reason =
            switch result {
            case .failure(let error as IOError): String(cString: strerror(error.errnoCode))
            case .failure(let error): "\(error)"
            case .success: "it ended at once"
            }
        throw .startup("the sandbox cannot listen on \(options.host):\(options.port): \(reason)")
    }

    /// How many connections are open.
    public var openConnections: Int { core.connections.count }

    /// Closes every connection, also stalled ones, and returns when nothing of it runs any more.
    public func shutdown() async {
        running.cancel()
        core.connections.closeAll()
        _ = await running.result
        await core.connections.waitUntilEmpty()
        await engine.shutdown()
    }
}

extension SandboxServer: Service {
    /// Serves until the group shuts down gracefully or the task is cancelled.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }
}
