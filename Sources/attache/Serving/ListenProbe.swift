import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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
    static func check(_ addresses: [ListenAddress]) throws(CommandError) {
        var held: [HeldAddress] = []
        defer { for address in held { address.release() } }
        for address in addresses {
            do { held.append(try HeldAddress(address)) } catch { throw CommandError(serving: error, at: address) }
        }
    }
}

/// A socket that has an address and does not listen: a client that comes before the gateway does is refused at once, and tries
/// again. One whose connection was taken here would wait for a response that nobody gives.
struct HeldAddress {
    private let descriptor: CInt

    /// - Throws: `IOError`, `SocketAddressError`.
    init(_ listen: ListenAddress) throws {
        let wanted = try SocketAddress.makeAddressResolvingHost(listen.host, port: listen.port)
        #if canImport(Glibc)
            let kind = CInt(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        descriptor = socket(CInt(wanted.protocol.rawValue), kind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        do {
            // As the gateway does: connections of an earlier process, which have ended, hold nobody up.
            Self.setReuse(true, of: descriptor)
            let failed = wanted.withSockAddr { bind(descriptor, $0, socklen_t($1)) != 0 }
            if failed { throw IOError(errnoCode: errno, reason: "bind") }
            // Two sockets that both allow it may have one address as long as none of them listens.
            Self.setReuse(false, of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
    }

    func release() { close(descriptor) }

    private static func setReuse(_ isAllowed: Bool, of descriptor: CInt) {
        var value: CInt = isAllowed ? 1 : 0
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
