/// Everything that can be set, by the name it has in the settings file. `docs/attache.example.yaml` explains each.
enum Setting: String, CaseIterable, Sendable {
    case host
    case port
    case publicURL = "public_url"
    case database
    case dataDirectory = "data_dir"
    case catalog
    case lenientCatalog = "lenient_catalog"
    case masterKey = "master_key"
    case keyFile = "key_file"
    case uploadMaxBytes = "upload.max_bytes"
    case uploadLookahead = "upload.lookahead"
    case uploadSpool = "upload.spool"
    case uploadMaxInFlightBytes = "upload.max_in_flight_bytes"
    case egressAllow = "egress.allow"
    case egressAllowHTTP = "egress.allow_http"
    case baseURLHosts = "accounts.base_url_hosts"
    case overridesMayUseSecrets = "overrides.may_use_secrets"
    case mappingBudget = "mapping.budget"
    case tokenLimit = "limit.token"
    case accountLimit = "limit.account"
    case connectionsLimit = "limit.connections"
    case connectionsPerPeerLimit = "limit.connections_per_peer"
    case paceLimit = "limit.pace"
    case providerConnections = "provider.max_connections"
    case providerAccountShare = "provider.account_share"
    case providerEnvironmentShare = "provider.environment_share"
    case corsAllowedOrigins = "cors.allowed_origins"
    case drainSeconds = "drain_seconds"
    case logLevel = "log.level"
    case logKeepDays = "log.keep_days"
    case logMaxRows = "log.max_rows"
    case logKeepFailures = "log.keep_failures"
    case metricsAddress = "metrics.address"
    case tracesEndpoint = "traces.endpoint"
    case tracesShare = "traces.share"
    case tracesHosts = "traces.hosts"
    case tlsCertificate = "tls.certificate"
    case tlsKey = "tls.key"

    var name: String { rawValue }

    /// `upload.max_bytes` → `ATTACHE_UPLOAD_MAX_BYTES`.
    var variable: String {
        "ATTACHE_" + String(rawValue.map { $0 == "." ? "_" : $0 }).uppercased()
    }

    /// Secrets stay out of the file: it is copied and committed too easily.
    var isAllowedInFile: Bool { self != .masterKey }
}
