import ArgumentParser
import Gateway
import Logging

/// `attache serve`: the gateway for others to call.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the gateway.",
        discussion: """
            The master key comes from ATTACHE_MASTER_KEY or from a key file, which is made on the first start. Keep a \
            copy of it: without the key no stored credential can be read.
            """
    )

    @Option(help: "The address to listen on (or ATTACHE_HOST); 127.0.0.1.")
    var host: String?

    @Option(help: "The port to listen on (or ATTACHE_PORT); 8080, 0 picks one.")
    var port: Int?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var catalog: ServedCatalogOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var mapping: MappingOptions

    func validate() throws { try PortFlag.check(port) }

    func run() async throws {
        let settings = try database.settings()
        var configuration = try gateway.configuration(settings)
        configuration.host = settings.text(.host, host) ?? configuration.host
        configuration.port = try settings.port(port) ?? configuration.port
        let logger = try gateway.logger(settings, level: .info)
        for variable in settings.unknownVariables { logger.warning("\(variable.description.capitalizedFirst)") }
        let limits = try mapping.limits(settings)
        let definitions = try catalog.open(settings, overrides: try mapping.overrides(settings)) { broken in
            logger.error("A definition is broken", metadata: ["error": .string(broken)])
        }
        let egress = try gateway.egress(settings)
        let open = try await OpenDatabase(try database.place(settings), .making) { waiting in
            logger.notice("\(waiting.capitalizedFirst)")
        }
        if let file = open.newKeyFile {
            logger.notice("Made a master key; keep a copy elsewhere", metadata: ["file": .string(file)])
        }
        var process = GatewayProcess(
            configuration: configuration, catalog: definitions, database: open, egress: egress, logger: logger
        )
        process.limits = limits
        process.observing = try gateway.observing.observing(settings)
        let (address, wanted) = (configuration.host, configuration.port)
        do {
            try await process.run { port in
                logger.notice("Serving", metadata: ["host": .string(address), "port": .stringConvertible(port)])
            }
        } catch {
            throw CommandError(serving: error, host: address, port: wanted)
        }
    }
}
