import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns a host name into its addresses.
package struct Resolver: Sendable {
    /// All A and AAAA addresses of a name, in the order to try them.
    package var addresses: @Sendable (_ name: String) async throws -> [IPAddress]

    package init(addresses: @escaping @Sendable (_ name: String) async throws -> [IPAddress]) {
        self.addresses = addresses
    }

    /// The system's resolver, on threads of its own: it blocks them, for as long as a name server takes.
    package static let system = Resolver { name in
        try await threads.runIfActive { try lookUp(name) }
    }

    /// Runs as long as the process.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: LookUpTurns.together)
        pool.start()
        return pool
    }()

    private static func lookUp(_ name: String) throws -> [IPAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw ResolutionFailure(reason: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }

        var found: [IPAddress] = []
        var entry = list
        while let current = entry?.pointee {
            // The numeric spelling has one reader here; one with a zone is no address that could be called.
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let named = getnameinfo(
                current.ai_addr, current.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST
            )
            let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            if named == 0, let address = IPAddress(String(decoding: bytes, as: UTF8.self)) { found.append(address) }
            entry = current.ai_next
        }
        return found
    }
}

struct ResolutionFailure: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the name does not resolve (\(reason))" }
}
