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

    @OptionGroup var options: ServeOptions

    func validate() throws { try PortFlag.check(options.port) }

    func run() async throws {
        let settings = try options.settings()
        var configuration = try options.gateway.configuration(settings)
        configuration.host = settings.text(.host, options.host) ?? configuration.host
        configuration.port = try settings.port(options.port) ?? configuration.port
        let tls = try options.tls.open(settings)
        let threshold = LogThreshold(try options.gateway.logLevel(settings, fallback: .info))
        let logger = Logger(label: "attache") { JSONLineLogHandler(label: $0, threshold: threshold) }
        for variable in settings.unknownVariables { logger.warning("\(variable.description.capitalizedFirst)") }
        let limits = try options.mapping.limits(settings)
        let definitions = try options.catalog.open(settings, overrides: try options.mapping.overrides(settings)) { broken in
            logger.error("A definition is broken", metadata: ["error": .string(broken)])
        }
        let egress = try options.gateway.egress(settings)
        let observing = try options.gateway.observing.observing(settings)
        let address = ListenAddress(host: configuration.host, port: configuration.port)
        // What follows makes a database and a key at the first start: first whatever else may stop it.
        try ListenProbe.check([address] + (observing.metricsAddress.map { [.metrics($0)] } ?? []))
        let open = try await OpenDatabase(try options.database.place(settings), .making) { waiting in
            logger.notice("\(waiting.capitalizedFirst)")
        }
        if let file = open.newKeyFile {
            logger.notice("Made a master key; keep a copy elsewhere", metadata: ["file": .string(file)])
        }
        if PrivateFile.isOpenToOthers(open.place.keyFile) {
            logger.warning("Others than its owner can read the key file", metadata: ["file": .string(open.place.keyFile)])
        }
        var process = GatewayProcess(
            configuration: configuration, catalog: definitions, database: open, egress: egress, logger: logger
        )
        process.limits = limits
        process.tls = tls
        process.threshold = threshold
        process.reload = SettingsReload(options, settings)
        process.observing = observing
        do {
            try await process.run { port in
                logger.notice(
                    "Serving",
                    metadata: [
                        "host": .string(address.host), "port": .stringConvertible(port), "tls": .stringConvertible(tls != nil),
                    ])
            }
        } catch {
            throw CommandError(serving: error, at: address)
        }
    }
}
