import JSON
import NIOCore
import NIOPosix

@testable import Sandbox

/// A bare TCP connection, for requests that no proper client would send.
struct RawConnection {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let channel: any Channel

    static func with<T>(_ sandbox: SandboxServer, _ work: (RawConnection) async throws -> T) async throws -> T {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: sandbox.host, port: sandbox.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await work(RawConnection(inbound: inbound, outbound: outbound, channel: channel.channel))
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Everything received until `mark` was seen, or the end.
    func receive(until mark: String) async throws -> String {
        var text = ""
        for try await buffer in inbound {
            text += String(buffer: buffer)
            if text.contains(mark) { break }
        }
        return text
    }
}

extension Running {
    /// Asks until a condition holds; throws when it does not after many questions.
    func eventually(_ condition: ([JSONValue]) -> Bool) async throws -> [JSONValue] {
        for _ in 0..<20_000 {
            let seen = try await requests()
            if condition(seen) { return seen }
        }
        throw NeverHeld()
    }

    struct NeverHeld: Error {}
}
