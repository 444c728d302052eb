import ArgumentParser
import Gateway
import Logging
import Unified
import Upstream

/// The limits of a gateway: the same flags for `serve` and `dev`.
struct GatewayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Bytes of one file, such as 30MB or 5GiB.", valueName: "SIZE"))
    var maxUploadBytes: String?

    @Option(help: ArgumentHelp("Bytes of a form that are read before the provider is called.", valueName: "SIZE"))
    var uploadLookahead: String?

    @Option(help: ArgumentHelp("A host or a block of addresses that may be called; may be repeated.", valueName: "CIDR|HOST"))
    var egressAllow: [String] = []

    @Flag(help: "Lets providers be called by plain http.")
    var egressAllowHttp = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    func configuration(_ settings: Settings) throws(CommandError) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        if let bytes = try settings.bytes(.uploadLookahead, uploadLookahead) { configuration.lookahead = bytes }
        if let bytes = try settings.bytes(.uploadMaxBytes, maxUploadBytes) {
            configuration.maxUploadBytes = Int64(bytes)
        }
        return configuration
    }

    /// - Parameter holes: addresses that are open whatever the settings say.
    func egress(_ settings: Settings, holes: [String] = []) throws(CommandError) -> EgressPolicy {
        var policy = EgressPolicy(allowsHTTP: try settings.isOn(.egressAllowHTTP, egressAllowHttp))
        for text in holes + settings.list(.egressAllow, egressAllow) {
            do { policy.holes.append(try EgressHole(text)) } catch {
                throw CommandError(
                    "egress.allow: \(error)", do: "Give a host, an address or a block such as 10.0.0.0/8"
                )
            }
        }
        return policy
    }

    func logger(_ settings: Settings, level fallback: Logger.Level) throws(CommandError) -> Logger {
        let text = settings.text(.logLevel, logLevel)
        guard let level = text.map({ Logger.Level(rawValue: $0) }) ?? fallback else {
            throw CommandError("log.level is '\(text ?? "")'", do: "Give trace, debug, info, notice, warning or error")
        }
        return Logger(label: "attache") { JSONLineLogHandler(label: $0, level: level) }
    }
}
