import Accounts
import ArgumentParser
import Upstream

/// What is kept and shown of the calls.
struct Observing: Sendable {
    var bounds = CallLogService.Bounds()
    /// Where `/metrics` is served; nil: nowhere.
    var metricsAddress: (host: String, port: Int)?
    /// Where spans are sent; nil: nowhere, and none are made.
    var tracesEndpoint: String?
    /// Of the traces that begin here.
    var tracesShare = 1.0
    /// Hosts of providers that are sent `traceparent`.
    var tracesHosts: [String] = []
}

/// The log of calls and the metrics: the same flags for `serve` and `dev`.
struct ObservingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to serve /metrics, such as 127.0.0.1:9464; nowhere by default.", valueName: "HOST:PORT"))
    var metricsAddress: String?

    @Option(help: ArgumentHelp("Days for which calls stay in the log; 14.", valueName: "N"))
    var logKeepDays: Int?

    @Option(help: ArgumentHelp("Calls in the log at most; 1000000.", valueName: "N"))
    var logMaxRows: Int?

    @Option(help: ArgumentHelp("Days for which failed calls keep their exchange with the provider, encrypted; 0, none.", valueName: "N"))
    var logKeepFailures: Int?

    @Option(
        help: ArgumentHelp(
            "Where to send traces as OTLP in JSON, such as http://127.0.0.1:4318/v1/traces; nowhere by default.", valueName: "URL"))
    var tracesEndpoint: String?

    @Option(help: ArgumentHelp("The share of the gateway's own traces to send; 1/1.", valueName: "N/M"))
    var tracesShare: String?

    @Option(help: ArgumentHelp("A provider's host that is sent traceparent, or *.HOST; may be repeated.", valueName: "HOST"))
    var tracesHost: [String] = []

    func observing(_ settings: Settings) throws(CommandError) -> Observing {
        var observing = Observing()
        if let days = try settings.number(.logKeepDays, logKeepDays, in: 0...3650) { observing.bounds.days = days }
        if let rows = try settings.number(.logMaxRows, logMaxRows) { observing.bounds.rows = rows }
        if let days = try settings.number(.logKeepFailures, logKeepFailures, in: 0...30) { observing.bounds.failureDays = days }
        observing.metricsAddress = try settings.text(.metricsAddress, metricsAddress).map(Self.address)
        if let text = settings.text(.tracesEndpoint, tracesEndpoint) {
            guard (try? TargetURL(text)) != nil else {
                throw CommandError("traces.endpoint is '\(text)'", do: "Give an address such as http://127.0.0.1:4318/v1/traces")
            }
            observing.tracesEndpoint = text
        }
        observing.tracesShare = try ConnectionOptions.share(settings, .tracesShare, tracesShare) ?? 1
        observing.tracesHosts = settings.list(.tracesHosts, tracesHost)
        return observing
    }

    /// `HOST:PORT`; an IPv6 address in brackets.
    static func address(_ text: String) throws(CommandError) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            Settings.ports.contains(port), colon > text.startIndex
        else { throw CommandError("metrics.address is '\(text)'", do: "Give a host and a port, such as 127.0.0.1:9464") }
        let host = text[..<colon]
        guard host.hasPrefix("["), host.hasSuffix("]") else { return (String(host), port) }
        return (String(host.dropFirst().dropLast()), port)
    }
}
