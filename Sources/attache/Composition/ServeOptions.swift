import ArgumentParser

/// Every flag that says how a gateway is served: of `serve`, and of the commands that look at its settings.
struct ServeOptions: ParsableArguments {
    @Option(help: "The address to listen on (or ATTACHE_HOST); 127.0.0.1.")
    var host: String?

    @Option(help: "The port to listen on (or ATTACHE_PORT); 8080, 0 picks one.")
    var port: Int?

    @OptionGroup var tls: TLSOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var catalog: ServedCatalogOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var mapping: MappingOptions

    func settings() throws(CommandError) -> Settings { try database.settings() }

    /// What the command line gives for a setting; empty where it gives nothing.
    func flags(_ setting: Setting) -> [String] {
        switch setting {
        case .catalog: catalog.folders.catalog
        case .egressAllow: gateway.egressAllow
        case .baseURLHosts: mapping.baseUrlHost
        case .mappingBudget: mapping.mappingBudget
        case .tracesHosts: gateway.observing.tracesHost
        case .corsAllowedOrigins: gateway.connections.corsAllowedOrigins
        default: flag(setting).map { [$0] } ?? []
        }
    }

    /// Of a setting that has one value.
    private func flag(_ setting: Setting) -> String? {
        switch setting {
        case .host: host
        case .port: port.map(String.init)
        case .publicURL: gateway.publicUrl
        case .database: database.database
        case .dataDirectory: database.dataDir
        case .keyFile: database.keyFile
        case .masterKey: nil  // Other users of the machine can read a command line.
        case .lenientCatalog: Self.on(catalog.lenientCatalog)
        case .uploadMaxBytes: gateway.maxUploadBytes
        case .uploadLookahead: gateway.uploadLookahead
        case .uploadSpool: gateway.uploadSpool
        case .uploadMaxInFlightBytes: gateway.maxInFlightBytes
        case .egressAllowHTTP: Self.on(gateway.egressAllowHttp)
        case .overridesMayUseSecrets: Self.on(mapping.overridesMayUseSecrets)
        case .tokenLimit: gateway.limitToken
        case .accountLimit: gateway.limitAccount
        case .connectionsLimit: gateway.connections.limitConnections.map(String.init)
        case .connectionsPerPeerLimit: gateway.connections.limitConnectionsPerPeer.map(String.init)
        case .paceLimit: gateway.connections.limitPace
        case .providerConnections: gateway.connections.providerMaxConnections.map(String.init)
        case .providerAccountShare: gateway.connections.providerAccountShare
        case .providerEnvironmentShare: gateway.connections.providerEnvironmentShare
        case .drainSeconds: gateway.drainSeconds.map(String.init)
        case .logLevel: gateway.logLevel
        case .logKeepDays: gateway.observing.logKeepDays.map(String.init)
        case .logMaxRows: gateway.observing.logMaxRows.map(String.init)
        case .logKeepFailures: gateway.observing.logKeepFailures.map(String.init)
        case .metricsAddress: gateway.observing.metricsAddress
        case .tracesEndpoint: gateway.observing.tracesEndpoint
        case .tracesShare: gateway.observing.tracesShare
        case .tlsCertificate: tls.tlsCertificate
        case .tlsKey: tls.tlsKey
        case .catalog, .egressAllow, .baseURLHosts, .mappingBudget, .corsAllowedOrigins, .tracesHosts: nil
        }
    }

    private static func on(_ flag: Bool) -> String? { flag ? "true" : nil }
}
