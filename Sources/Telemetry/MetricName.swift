/// A metric as Prometheus knows it: its name, what it says, and what it counts.
///
/// All are listed here, so that dashboards and alert rules can be checked against them.
package struct MetricName: Sendable, Hashable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package let name: String
    package let kind: Kind
    package let help: String
    package let labels: [String]
    /// Upper bounds of a histogram's buckets, ascending, without the infinite one.
    package let buckets: [Double]

    init(_ name: String, _ kind: Kind, _ help: String, _ labels: [String] = [], buckets: [Double] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = buckets
    }

    private static let latency = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    private static let short = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    package static let requests = Self(
        "attache_requests_total", .counter, "Requests to the gateway that have ended.",
        ["integration", "resource", "method", "outcome"])
    package static let requestTime = Self(
        "attache_request_duration_seconds", .histogram, "From a request's head to the end of its response.",
        ["integration", "resource", "method", "outcome"], buckets: latency)
    package static let inFlight = Self("attache_requests_in_flight", .gauge, "Requests that are being carried out.")
    package static let requestBytes = Self("attache_request_bytes_total", .counter, "Bytes of requests' bodies.")
    package static let responseBytes = Self("attache_response_bytes_total", .counter, "Bytes of responses' bodies.")
    package static let providerCalls = Self(
        "attache_provider_requests_total", .counter, "Calls to providers that have ended, retries counted as one.",
        ["integration", "code"])
    package static let providerTime = Self(
        "attache_provider_request_duration_seconds", .histogram, "Of a call to a provider, retries included.",
        ["integration"], buckets: latency)
    package static let providerRetries = Self(
        "attache_provider_retries_total", .counter, "Attempts after the first one.", ["integration"])
    package static let providerBytesSent = Self(
        "attache_provider_sent_bytes_total", .counter, "Bytes of bodies sent to providers.", ["integration"])
    package static let providerBytesReceived = Self(
        "attache_provider_received_bytes_total", .counter, "Bytes of bodies received from providers.", ["integration"])
    package static let refreshes = Self(
        "attache_credential_refreshes_total", .counter, "Requests for fresh credentials.", ["integration", "outcome"])
    package static let turnWaits = Self(
        "attache_limiter_wait_seconds", .histogram, "Waits for a turn below a provider's rate limits.", ["integration"],
        buckets: short)
    package static let webhooks = Self(
        "attache_webhook_deliveries_total", .counter, "Attempts to deliver an event.", ["outcome"])
    package static let databaseTime = Self(
        "attache_database_duration_seconds", .histogram, "Of a transaction, the wait for its turn included.",
        ["operation", "outcome"], buckets: short)
    package static let logDropped = Self(
        "attache_log_rows_dropped_total", .counter, "Rows of the log of calls that the database did not take in time.")
    package static let loopLag = Self(
        "attache_event_loop_lag_seconds", .histogram, "How late an event loop ran what was due.", buckets: short)
    package static let seriesDropped = Self(
        "attache_metric_series_dropped_total", .counter, "Observations left out, as their metric had too many series.")
    package static let build = Self("attache_build_info", .gauge, "1, with the version that runs.", ["version"])
    package static let memory = Self("process_resident_memory_bytes", .gauge, "Memory in use.")
    package static let cpu = Self("process_cpu_seconds_total", .counter, "Processor time, of user and system.")
    package static let openFiles = Self("process_open_fds", .gauge, "Open file descriptors.")
    package static let maxFiles = Self("process_max_fds", .gauge, "The limit of open file descriptors.")
    package static let startTime = Self("process_start_time_seconds", .gauge, "When the process began, since 1970.")

    package static let all: [Self] = [
        requests, requestTime, inFlight, requestBytes, responseBytes, providerCalls, providerTime, providerRetries,
        providerBytesSent, providerBytesReceived, refreshes, turnWaits, webhooks, databaseTime, logDropped, loopLag,
        seriesDropped, build, memory, cpu, openFiles, maxFiles, startTime,
    ]
    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
