import NIOCore
import NIOPosix
import Synchronization

/// A client that sends what it is told to, byte by byte.
final class RawClient: Sendable {
    private let channel: any Channel
    private let received: Mutex<String>
    private let chunks: AsyncStream<String>

    init(_ gateway: TestGateway) async throws {
        let port = Int(gateway.baseURL.split(separator: ":").last ?? "") ?? 0
        let (chunks, found) = AsyncStream.makeStream(of: String.self)
        self.chunks = chunks
        received = Mutex("")
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(found)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Sends a byte every few milliseconds from now on, some hundred a second.
    func drip() { channel.drip(ByteBuffer(string: "x")) }

    /// Sends up to so many bytes; gives how many the other side took before it stopped taking any.
    func pour(_ count: Int) async throws -> Int { try await channel.pour(count) { $0 } }

    /// What has come so far, once it satisfies `condition` or the connection has ended.
    func readUntil(_ condition: (String) -> Bool) async throws -> String {
        var text = received.withLock { $0 }
        if condition(text) { return text }
        for await chunk in chunks {
            text += chunk
            received.withLock { $0 = text }
            if condition(text) { break }
        }
        return text
    }

    /// Says that no more will be sent, and goes on reading.
    func closeOutput() async throws { try await channel.close(mode: .output) }

    /// All that comes until the gateway ends the connection.
    func readAll() async throws -> String { try await readUntil { _ in false } }

    func close() async throws { try? await channel.close() }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let found: AsyncStream<String>.Continuation

        init(_ found: AsyncStream<String>.Continuation) { self.found = found }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { found.yield(String(buffer: unwrapInboundIn(data))) }

        func channelInactive(context: ChannelHandlerContext) { found.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
