#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A client that sends what it is told to, byte by byte.
package final class RawClient: Sendable {
    private let channel: any Channel
    private let received: NIOLockedValueBox<String>
    private let chunks: AsyncStream<String>

    /// Connects to a port of this machine.
    package init(port: Int) async throws {
        let (chunks, found) = AsyncStream.makeStream(of: String.self)
        self.chunks = chunks
        received = NIOLockedValueBox("")
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(found)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// A client for as long as `body` runs.
    package static func run<Result>(port: Int, body: (RawClient) async throws -> Result) async throws -> Result {
        let client = try await RawClient(port: port)
        do {
            let result = try await body(client)
            try? await client.close()
            return result
        } catch {
            try? await client.close()
            throw error
        }
    }

    package func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Sends a byte every few milliseconds from now on, some hundred a second.
    package func drip() { channel.drip(ByteBuffer(string: "x")) }

    /// Sends up to so many bytes; gives how many the other side took before it stopped taking any.
    package func pour(_ count: Int) async throws -> Int { try await channel.pour(count) { $0 } }

    /// What has come so far, once it satisfies `condition` or the connection has ended.
    package func readUntil(_ condition: (String) -> Bool) async throws -> String {
        var text = received.withLockedValue { $0 }
        if condition(text) { return text }
        for await chunk in chunks {
            text += chunk
            received.withLockedValue { $0 = text }
            if condition(text) { break }
        }
        return text
    }

    /// Says that no more will be sent, and goes on reading.
    package func closeOutput() async throws { try await channel.close(mode: .output) }

    /// All that comes until the gateway ends the connection.
    package func readAll() async throws -> String { try await readUntil { _ in false } }

    package func close() async throws { try? await channel.close() }

    /// Ends the connection with RST instead of FIN.
    package func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let found: AsyncStream<String>.Continuation

        init(_ found: AsyncStream<String>.Continuation) { self.found = found }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { found.yield(String(buffer: unwrapInboundIn(data))) }

        func channelInactive(context: ChannelHandlerContext) { found.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
