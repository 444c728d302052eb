import ArgumentParser
import Gateway
import Logging
import Unified
import Upstream

/// The limits of a gateway: the same flags for `serve` and `dev`.
struct GatewayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where browsers reach the gateway, such as https://gateway.example.com.", valueName: "URL"))
    var publicUrl: String?

    @Option(help: ArgumentHelp("Bytes of one file, such as 30MB or 5GiB.", valueName: "SIZE"))
    var maxUploadBytes: String?

    @Option(help: ArgumentHelp("Bytes of a form that are read before the provider is called.", valueName: "SIZE"))
    var uploadLookahead: String?

    @Option(help: ArgumentHelp("Where the file of a long JSON body waits for the rest of it: disk or off.", valueName: "disk|off"))
    var uploadSpool: String?

    @Option(help: ArgumentHelp("Bytes that all uploads together may hold in memory.", valueName: "SIZE"))
    var maxInFlightBytes: String?

    @Option(help: ArgumentHelp("A host or a block of addresses that may be called; may be repeated.", valueName: "CIDR|HOST"))
    var egressAllow: [String] = []

    @Flag(help: "Let providers be called over plain http.")
    var egressAllowHttp = false

    @Option(help: ArgumentHelp("Calls of one API token, such as 500/10: in 10 seconds.", valueName: "N/SECONDS"))
    var limitToken: String?

    @Option(help: ArgumentHelp("Calls for one account, such as 50/10: in 10 seconds.", valueName: "N/SECONDS"))
    var limitAccount: String?

    @OptionGroup var connections: ConnectionOptions

    @Option(help: ArgumentHelp("Seconds for calls under way to end after SIGTERM; 600.", valueName: "N"))
    var drainSeconds: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @OptionGroup var observing: ObservingOptions

    func configuration(_ settings: Settings) throws(CommandError) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.publicURL = try settings.text(.publicURL, publicUrl).map(Self.checkedPublicURL)
        if let bytes = try settings.bytes(.uploadLookahead, uploadLookahead) { configuration.lookahead = bytes }
        configuration.spoolsToDisk = try settings.spoolsToDisk(uploadSpool)
        if let bytes = try settings.bytes(.uploadMaxInFlightBytes, maxInFlightBytes) {
            configuration.maxInFlightBytes = bytes
        }
        if let bytes = try settings.bytes(.uploadMaxBytes, maxUploadBytes) {
            configuration.maxUploadBytes = Int64(bytes)
        }
        if let seconds = try settings.number(.drainSeconds, drainSeconds) { configuration.drainSeconds = max(seconds, 0) }
        try connections.apply(settings, to: &configuration)
        configuration.tokenLimit = try settings.limit(.tokenLimit, limitToken)
        configuration.accountLimit = try settings.limit(.accountLimit, limitAccount)
        return configuration
    }

    /// An address whose path the gateway's own go behind.
    private static func checkedPublicURL(_ text: String) throws(CommandError) -> String {
        guard let url = try? TargetURL(text), !text.contains("?"), !text.contains("#") else {
            throw CommandError("public_url is '\(text)'", do: "Give an address such as https://gateway.example.com")
        }
        var address = url.description
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }

    /// - Parameter holes: addresses that are open whatever the settings say.
    func egress(_ settings: Settings, holes: [String] = []) throws(CommandError) -> EgressPolicy {
        var policy = EgressPolicy(allowsHTTP: try settings.isOn(.egressAllowHTTP, egressAllowHttp))
        for text in holes + settings.list(.egressAllow, egressAllow) {
            do { policy.holes.append(try EgressAllowlistEntry(text)) } catch {
                throw CommandError(
                    "egress.allow: \(error)", do: "Give a host, an address or a block such as 10.0.0.0/8"
                )
            }
        }
        return policy
    }

    func logLevel(_ settings: Settings, fallback: Logger.Level) throws(CommandError) -> Logger.Level {
        let text = settings.text(.logLevel, logLevel)
        guard let level = text.map({ Logger.Level(rawValue: $0) }) ?? fallback else {
            throw CommandError("log.level is '\(text ?? "")'", do: "Give trace, debug, info, notice, warning or error")
        }
        return level
    }
}

extension Settings {
    fileprivate func spoolsToDisk(_ flag: String?) throws(CommandError) -> Bool {
        switch text(.uploadSpool, flag)?.lowercased() {
        case nil, "disk": return true
        case "off", "false": return false  // YAML reads a bare `off` as false
        case let other?: throw CommandError("\(Setting.uploadSpool.name) is '\(other)'", do: "Give disk or off")
        }
    }

    /// Calls in a window: `500/10` is 500 in 10 seconds. None by default.
    fileprivate func limit(_ setting: Setting, _ flag: String?) throws(CommandError) -> RequestLimit? {
        guard let text = text(setting, flag) else { return nil }
        let numbers = text.split(separator: "/").compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else {
            throw CommandError("\(setting.name) is '\(text)'", do: "Give calls and seconds, such as 500/10")
        }
        return RequestLimit(requests: numbers[0], seconds: numbers[1])
    }
}
