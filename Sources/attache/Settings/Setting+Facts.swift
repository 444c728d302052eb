extension Setting {
    /// What applies where nothing is set, as one would write it; nil where that is nothing, or where the system decides.
    ///
    /// - Parameter directory: the folder of what is kept.
    func fallback(directory: String) -> String? {
        switch self {
        case .host: "127.0.0.1"
        case .port: "8080"
        case .dataDirectory: "attache-data"
        case .database: "sqlite:\(directory)/attache.sqlite"
        case .keyFile: "\(directory)/master.key"
        case .lenientCatalog, .egressAllowHTTP, .overridesMayUseSecrets: "false"
        case .uploadMaxBytes: "5GiB"
        case .uploadLookahead: "1MiB"
        case .uploadSpool: "disk"
        case .uploadMaxInFlightBytes: "192MiB"
        case .mappingBudget: "2s/64MiB/8MiB"
        case .paceLimit: "30KiB/30"
        case .providerConnections: "1024"
        case .providerAccountShare: "1/16"
        case .providerEnvironmentShare: "1/4"
        case .drainSeconds: "600"
        case .logLevel: "info"
        case .logKeepDays: "14"
        case .logMaxRows: "1000000"
        case .logKeepFailures: "0"
        case .tracesShare: "1/1"
        case .publicURL, .catalog, .masterKey, .egressAllow, .baseURLHosts, .tokenLimit, .accountLimit, .connectionsLimit,
            .connectionsPerPeerLimit, .corsAllowedOrigins, .metricsAddress, .tracesEndpoint,
            .tracesHosts, .tlsCertificate, .tlsKey:
            nil
        }
    }

    /// Whether SIGHUP changes it in a gateway that runs. All others are read at the start alone.
    var isReloadable: Bool {
        switch self {
        case .tokenLimit, .accountLimit, .connectionsLimit, .connectionsPerPeerLimit, .egressAllow, .egressAllowHTTP,
            .corsAllowedOrigins, .logLevel, .logKeepDays, .logMaxRows, .logKeepFailures, .tlsCertificate, .tlsKey:
            true
        default: false
        }
    }
}
