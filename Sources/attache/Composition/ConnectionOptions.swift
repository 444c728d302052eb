import ArgumentParser
import Gateway
import Upstream

/// How many connections there may be, how slow they may be, and how they are shared out.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Connections of clients in all; by default what the limit of open files allows.", valueName: "N"))
    var limitConnections: Int?

    @Option(help: ArgumentHelp("Connections of clients from one address; three quarters of all.", valueName: "N"))
    var limitConnectionsPerPeer: Int?

    @Option(
        help: ArgumentHelp(
            "The slowest a body may come in, such as 30KiB/30: in 30 seconds; 'off' for no limit.", valueName: "SIZE/SECONDS"))
    var limitPace: String?

    @Option(help: ArgumentHelp("Connections to one host of a provider; 1024.", valueName: "N"))
    var providerMaxConnections: Int?

    @Option(help: ArgumentHelp("The share of them for one account while others wait; 1/16.", valueName: "N/M"))
    var providerAccountShare: String?

    @Option(help: ArgumentHelp("The share of them for one environment while others wait; 1/4.", valueName: "N/M"))
    var providerEnvironmentShare: String?

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may call the gateway, such as https://app.example.com; may be repeated.", valueName: "ORIGIN"))
    var corsAllowedOrigins: [String] = []

    func apply(_ settings: Settings, to configuration: inout GatewayConfiguration) throws(CommandError) {
        configuration.maxConnections = try settings.number(.connectionsLimit, limitConnections, in: 1...Int.max)
        configuration.maxConnectionsPerPeer = try settings.number(
            .connectionsPerPeerLimit, limitConnectionsPerPeer, in: 1...Int.max)
        if let text = settings.text(.paceLimit, limitPace) { configuration.pace = try Self.pace(text) }
        if let number = try settings.number(.providerConnections, providerMaxConnections, in: 1...Int.max) {
            configuration.providerConnections = number
        }
        if let share = try Self.share(settings, .providerAccountShare, providerAccountShare) {
            configuration.providerShares.account = share
        }
        if let share = try Self.share(settings, .providerEnvironmentShare, providerEnvironmentShare) {
            configuration.providerShares.environment = share
        }
        configuration.allowedOrigins = try settings.list(.corsAllowedOrigins, corsAllowedOrigins).map(Self.origin)
    }

    /// `30KiB/30`: so many bytes in so many seconds.
    static func pace(_ text: String) throws(CommandError) -> Pace? {
        if text == "off" { return nil }
        let parts = text.split(separator: "/")
        guard parts.count == 2, let bytes = ByteCount.bytes(String(parts[0])), let seconds = Int(parts[1]), seconds > 0,
            bytes >= seconds
        else {
            throw CommandError("limit.pace is '\(text)'", do: "Give a size and seconds, such as 30KiB/30, or off")
        }
        return Pace(bytesPerSecond: bytes / seconds, seconds: seconds)
    }

    /// `1/16`: a part of the whole.
    static func share(
        _ settings: Settings, _ setting: Setting, _ flag: String?
    ) throws(CommandError) -> Double? {
        guard let text = settings.text(setting, flag) else { return nil }
        let parts = text.split(separator: "/").map { Int($0) ?? 0 }
        guard parts.count == 2, parts[0] > 0, parts[0] <= parts[1] else {
            throw CommandError("\(setting.name) is '\(text)'", do: "Give a part of the whole, such as 1/16 or 1/1")
        }
        return Double(parts[0]) / Double(parts[1])
    }

    /// `scheme://host[:port]`, as browsers send it, or `*`.
    static func origin(_ text: String) throws(CommandError) -> String {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? ""
        guard text == "*" || text.hasPrefix("https://") || text.hasPrefix("http://"), text == "*" || !rest.isEmpty,
            !rest.contains(where: { "/?#@ ".contains($0) })
        else {
            throw CommandError(
                "cors.allowed_origins holds '\(text)'", do: "Give an origin without a path, such as https://app.example.com")
        }
        return text
    }
}
