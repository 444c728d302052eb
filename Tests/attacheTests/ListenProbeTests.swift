import NIOCore
import NIOPosix
import Testing

@testable import attache

@Suite struct ListenProbeTests {
    @Test func `a free address stays free, and 0 is always one`() throws {
        for _ in 0..<3 { try ListenProbe.check([ListenAddress(host: "127.0.0.1", port: 0)]) }
    }

    @Test func `an address that is taken is told with the option that sets it`() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        let free = ListenAddress(host: "127.0.0.1", port: 0)
        for (taken, option) in [
            (ListenAddress(host: "127.0.0.1", port: port), "--port"), (.metrics((host: "127.0.0.1", port: port)), "--metrics-address"),
        ] {
            let error = #expect(throws: CommandError.self) { try ListenProbe.check([free, taken]) }
            #expect(error?.description == "Port \(port) of 127.0.0.1 is taken by another program. Give another with \(option); 0 picks one")
        }
        try await channel.close()
        // The gateway and its metrics want the same.
        #expect(throws: CommandError.self) {
            try ListenProbe.check([
                ListenAddress(host: "127.0.0.1", port: port), .metrics((host: "127.0.0.1", port: port)),
            ])
        }
    }

    @Test func `who connects before the gateway listens is refused, and not kept waiting`() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        let held = try HeldAddress(ListenAddress(host: "127.0.0.1", port: port))
        defer { held.release() }
        await #expect(throws: NIOConnectionError.self) {
            try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port).get().close()
        }
    }
}
