import ArgumentParser
import Catalog
import Gateway
import JSON
import Logging
import Sandbox
import ServiceLifecycle

/// `attache dev`: everything in one process on loopback, to try things out.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Run a gateway with sandboxes of vendors, a token and accounts, on this machine only.",
        discussion: "Without --data-dir nothing is left behind when it ends."
    )

    @Option(help: "The port to listen on; 0 picks one.")
    var port = 8080

    @Option(help: ArgumentHelp("Keeps the database here instead of in a folder for this run.", valueName: "DIR"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Written as JSON once the gateway serves.", valueName: "FILE"))
    var readyFile: String?

    @Option(help: ArgumentHelp("Which sandboxes to run: names with commas between them, or all.", valueName: "LIST"))
    var vendors = "all"

    @Option(help: ArgumentHelp("The longest request that a sandbox takes, instead of its own limits.", valueName: "SIZE"))
    var sandboxMaxBytes: String?

    @Flag(help: "Switch the sandboxes' rate limits off; the gateway does not wait for them either.")
    var noSandboxRateLimit = false

    @OptionGroup var catalog: ServedCatalogOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var mapping: MappingOptions

    func validate() throws { try PortFlag.check(port) }

    func run() async throws {
        // Not the process's settings: what serves customers elsewhere must not reach into an experiment.
        let settings = Settings(environment: [:])
        var configuration = try gateway.configuration(settings)
        configuration.port = port
        let level = try gateway.logLevel(settings, fallback: .warning)
        let logger = Logger(label: "attache") { JSONLineLogHandler(label: $0, threshold: LogThreshold(level)) }
        let limits = try mapping.limits(settings)
        let rules = try mapping.overrides(settings, hosts: Self.loopback)
        let definitions = try catalog.open(settings, overrides: rules) { broken in
            logger.error("A definition is broken", metadata: ["error": .string(broken)])
        }
        let ready = try readyFile.map { (path) throws(CommandError) in try ReadyFile(path: path) }
        configuration.isDevelopment = true
        let observing = try gateway.observing.observing(settings)
        let sandboxes = try await startSandboxes(definitions)
        let egress = try gateway.egress(settings, holes: sandboxes.map { "127.0.0.1:\($0.port)" })
        let address = ListenAddress(host: configuration.host, port: port)
        // Nothing has been made yet that a start which fails would leave behind.
        try ListenProbe.check([address] + (observing.metricsAddress.map { [.metrics($0)] } ?? []))
        let folder = try DevDirectory(dataDir)
        defer { folder.remove() }
        let place = try DatabasePlace(
            settings, database: nil, directory: folder.path, keyFile: nil, masterKey: nil
        )
        let database = try await OpenDatabase(place, .making)
        var companions: [any Service] = sandboxes
        if let ready { companions.append(ready) }
        do {
            let workspace = try await DevWorkspace(
                database.accounts, catalog: definitions, sandboxes: sandboxes, isUnlimited: noSandboxRateLimit)
            var process = GatewayProcess(
                configuration: configuration, catalog: definitions, database: database, egress: egress, logger: logger,
                companions: companions
            )
            process.limits = limits
            process.observing = observing
            try await process.run { port in
                Console.out(workspace.text(port: port))
                ready?.fill(workspace.ready(port: port))
            }
        } catch {
            throw CommandError(serving: error, at: address)
        }
    }

    /// Where the sandboxes live: overrides turn calls there.
    private static let loopback = ["127.0.0.1", "localhost", "[::1]"]

    private func startSandboxes(_ catalog: Catalog) async throws -> [SandboxServer] {
        let limit = try Settings(environment: [:]).bytes(.uploadMaxBytes, sandboxMaxBytes)
        var servers: [SandboxServer] = []
        for vendor in try chosen(catalog) {
            let options = SandboxOptions(rateLimit: !noSandboxRateLimit, maxRequestBytes: limit)
            servers.append(try await SandboxServer.start(try catalog.sandboxDefinition(vendor), options: options))
        }
        return servers
    }

    private func chosen(_ catalog: Catalog) throws(CommandError) -> [String] {
        let known = catalog.sandboxNames
        if vendors == "all" { return known }
        let names = vendors.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingPrefix(" ") }.map(String.init)
        for name in names where !known.contains(name) {
            throw CommandError("There is no sandbox of '\(name)'", do: "Give some of \(known.joined(separator: ", "))")
        }
        return names
    }
}
