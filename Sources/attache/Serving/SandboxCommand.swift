import ArgumentParser
import Logging
import Sandbox
import ServiceLifecycle
import UnixSignals

/// `attache sandbox`: one pretend vendor alone.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run one vendor's sandbox alone, on this machine only.",
        discussion: "Its controls are under /_sandbox; see docs/sandboxes.md."
    )

    @Argument(help: ArgumentHelp("The integration's name in the catalog.", valueName: "VENDOR"))
    var vendor: String

    @Option(help: "The port to listen on; 0 picks one.")
    var port = 0

    @Option(help: ArgumentHelp("The longest request that it takes, instead of its own limits.", valueName: "SIZE"))
    var maxBytes: String?

    @Flag(help: "Without rate limits.")
    var noRateLimit = false

    @OptionGroup var catalog: CatalogOptions

    func run() async throws {
        let settings = Settings(environment: [:])
        let limit = try settings.bytes(.uploadMaxBytes, maxBytes)
        let definition = try catalog.open(settings).sandboxDefinition(vendor)
        let options = SandboxOptions(port: port, rateLimit: !noRateLimit, maxRequestBytes: limit)
        let server: SandboxServer
        do { server = try await SandboxServer.start(definition, options: options) } catch {
            throw CommandError("\(error)".capitalizedFirst, do: "Correct the file, or try --port 0")
        }
        Console.out("The sandbox of \(vendor) is at \(server.baseURL). Ctrl-C ends it.")
        let group = ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        try await group.run()
    }
}
