import Logging
import NIOCore
import NIOEmbedded
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@testable import Gateway

/// How many connections are let in, and how the gateway rests when it can take no more.
@Suite struct ConnectionCountsTests {
    @Test func `past the limit a few are kept for health checks, and past those nobody is accepted`() {
        var counts = ConnectionCounts(limit: 3, perPeer: 100)
        let admissions = (0..<8).map { _ in counts.opened(.v4(1)) }
        #expect(admissions == Array(repeating: .admitted, count: 3) + Array(repeating: .reserved, count: 4) + [.refused])
        #expect(counts.mayAccept)
        for peer in 2...12 { _ = counts.opened(.v4(UInt32(peer))) }
        #expect(!counts.mayAccept)
        counts.closed(.v4(1), .reserved)
        #expect(counts.mayAccept)
        #expect(counts.opened(.v4(1)) == .reserved)
    }

    @Test func `one peer has its own limit`() {
        var counts = ConnectionCounts(limit: 100, perPeer: 2)
        let admissions = (0..<3).map { _ in counts.opened(.v4(1)) }
        #expect(admissions == [.admitted, .admitted, .refused])
        #expect(counts.opened(.v4(2)) == .admitted)
        for admission in [ConnectionCounts.Admission.admitted, .refused] { counts.closed(.v4(1), admission) }
        #expect(counts.opened(.v4(1)) == .admitted)
    }

    @Test func `an IPv6 site is one peer, and a mapped address is the IPv4 one`() throws {
        func peer(_ text: String) throws -> Peer { Peer(try SocketAddress(ipAddress: text, port: 1)) }
        #expect(try peer("2001:db8::1") == peer("2001:db8::ffff:2"))
        #expect(try peer("2001:db8:0:1::1") != peer("2001:db8::1"))
        #expect(try peer("::ffff:192.0.2.1") == peer("192.0.2.1"))
        #expect(Peer(nil) == .other)
    }

    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = Never
        var count = 0
        func read(context: ChannelHandlerContext) { count += 1 }
    }

    @Test func `without descriptors accepting rests, and goes on by itself`() throws {
        let reads = Reads()
        let handler = AcceptHandler(
            ConnectionLimiter(limit: nil, perPeer: nil), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let channel = EmbeddedChannel(handlers: [reads, handler])
        channel.read()
        #expect(reads.count == 1)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
        for _ in 0..<1000 { channel.read() }
        #expect(reads.count == 1)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(reads.count == 2)
        // The error is dealt with: nothing behind hears of it, as it would end the server.
        try channel.throwIfErrorCaught()
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
