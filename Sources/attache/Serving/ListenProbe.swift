import NIOCore
import NIOPosix

/// An address that a gateway listens on, and the options that set it.
struct ListenAddress: Sendable {
    var host: String
    var port: Int
    var hostOption = "--host"
    var portOption = "--port"

    static func metrics(_ address: (host: String, port: Int)) -> ListenAddress {
        ListenAddress(
            host: address.host, port: address.port, hostOption: "--metrics-address", portOption: "--metrics-address")
    }
}

/// Looks whether addresses can be listened on, before a start makes a database and a key that it then has no use for.
enum ListenProbe {
    /// All are held at once, so that two of the same are found out too.
    static func check(_ addresses: [ListenAddress]) async throws(CommandError) {
        var channels: [any Channel] = []
        var failure: CommandError?
        for address in addresses {
            let server = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            do { channels.append(try await server.bind(host: address.host, port: address.port).get()) } catch {
                failure = CommandError(serving: error, at: address)
                break
            }
        }
        for channel in channels { try? await channel.close() }
        if let failure { throw failure }
    }
}
