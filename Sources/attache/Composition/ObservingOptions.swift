import Accounts
import ArgumentParser

/// What is kept and shown of the calls.
struct Observing: Sendable {
    var bounds = CallLogService.Bounds()
    /// Where `/metrics` is served; nil: nowhere.
    var metricsAddress: (host: String, port: Int)?
}

/// The log of calls and the metrics: the same flags for `serve` and `dev`.
struct ObservingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to serve /metrics, such as 127.0.0.1:9464; nowhere by default.", valueName: "HOST:PORT"))
    var metricsAddress: String?

    @Option(help: ArgumentHelp("Days for which calls stay in the log; 14.", valueName: "N"))
    var logKeepDays: Int?

    @Option(help: ArgumentHelp("Calls in the log at most; 1000000.", valueName: "N"))
    var logMaxRows: Int?

    func observing(_ settings: Settings) throws(CommandError) -> Observing {
        var observing = Observing()
        if let days = try settings.number(.logKeepDays, logKeepDays, in: 0...3650) { observing.bounds.days = days }
        if let rows = try settings.number(.logMaxRows, logMaxRows) { observing.bounds.rows = rows }
        observing.metricsAddress = try settings.text(.metricsAddress, metricsAddress).map(Self.address)
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
