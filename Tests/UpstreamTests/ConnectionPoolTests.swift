import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import TestSupport

@testable import Upstream

/// Which connection a call gets.
@Suite struct ConnectionPoolTests {
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    private func connect(_ upstream: Upstream, _ server: RawServer, on eventLoop: any EventLoop) async throws -> Connection {
        try await upstream.connector.connect(
            try TargetURL(server.url), at: .v4(0x7f00_0001), on: eventLoop, timeout: .seconds(10))
    }

    /// Lets a connection go as a call does that was given up before it began.
    private func giveUp(_ connection: Connection) async throws {
        let exchange = Exchange(
            head: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), body: .none, isSafe: true,
            deadlines: .init(connect: .distantFuture), connection: connection, responseCapacity: 1)
        exchange.markCancelled()
        connection.start(exchange)
        await #expect(throws: UpstreamError.self) { try await exchange.response.futureResult.get() }
        // Behind whatever the loop was doing.
        try await connection.eventLoop.submit {}.get()
    }

    @Test func `a call given up before its connection came leaves it unused for the next`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream { upstream in
                try await giveUp(try await connect(upstream, server, on: upstream.group.next()))
                #expect(upstream.pool.idleCount == 1)
                #expect(server.record.bytes == 0)
                #expect(try await upstream.send(UpstreamRequest(url: server.url)).status == .ok)
                #expect(server.record.connections == 1)
            }
        }
    }

    @Test func `a connection of the caller's event loop goes before a later one of another`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            let policy = EgressPolicy(holes: [try EgressAllowlistEntry("127.0.0.0/8")])
            let upstream = Upstream(.init(egress: policy), group: Self.group)
            let loops = Self.group.makeIterator().map { $0 }
            let origin = try TargetURL(server.url).origin
            var connections: [Connection] = []
            for eventLoop in loops { connections.append(try await connect(upstream, server, on: eventLoop)) }
            for connection in connections { try await giveUp(connection) }
            #expect(upstream.pool.take(origin, preferring: loops[0]) === connections[0])
            // None of its own is left: to wake another thread costs less than to connect.
            #expect(upstream.pool.take(origin, preferring: loops[0]) === connections[1])
            #expect(upstream.pool.take(origin, preferring: loops[0]) == nil)
            for connection in connections { try await connection.channel.close() }
            upstream.shutdown()
        }
    }
}
