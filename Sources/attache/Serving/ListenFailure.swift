import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension CommandError {
    /// Why a gateway did not start, or ended: most often something about the address it listens on.
    init(serving error: any Error, at address: ListenAddress) {
        let (host, port) = (address.host, address.port)
        switch error {
        case let error as CommandError: self = error
        case let error as IOError where error.errnoCode == EADDRINUSE:
            self.init("Port \(port) of \(host) is taken by another program", do: "Give another with \(address.portOption); 0 picks one")
        case let error as IOError where error.errnoCode == EACCES:
            self.init("This user may not listen on port \(port)", do: "Give one of 1024 or more with \(address.portOption)")
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
            self.init("\(host) is no address of this machine", do: "Give 127.0.0.1, 0.0.0.0 or another with \(address.hostOption)")
        case is SocketAddressError.UnknownHost, is SocketAddressError:
            self.init("There is no host \(host)", do: "Give an address of this machine with \(address.hostOption)")
        default:
            let cause = CommandError(explaining: error)
            self.init("The gateway ended: \(cause.message.lowercasedFirst)", do: cause.remedy)
        }
    }
}
