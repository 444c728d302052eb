import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing
import TestSupport

@testable import Upstream

/// What comes before a connection: names, and a free place.
@Suite struct ConnectingTests {
    /// A number, and the highest that it has been.
    final class Gauge: Sendable {
        private let value = Mutex((now: 0, most: 0))

        var most: Int { value.withLock { $0.most } }

        func add(_ number: Int) {
            value.withLock { value in
                value.now += number
                value.most = max(value.most, value.now)
            }
        }
    }

    static func limits(total: Duration? = nil, connect: Duration = .seconds(60)) -> UpstreamLimits {
        UpstreamLimits(total: total, connect: connect, idle: nil)
    }

    static let waits: [UpstreamLimits] = [limits(connect: .milliseconds(50)), limits(total: .milliseconds(50))]

    /// A name server that never responds, and does not notice that nobody listens any more.
    static let deaf = Resolver { _ in
        await withUnsafeContinuation { (_: UnsafeContinuation<[IPAddress], Never>) in }
    }

    @Test(.timeLimit(.minutes(5)), arguments: waits)
    func `a name server that is silent costs a call its time to connect`(_ limits: UpstreamLimits) async throws {
        try await withUpstream {
            $0.resolver = Self.deaf; $0.retries = .none
        } _: { upstream in
            #expect(await code { _ = try await upstream.send(UpstreamRequest(url: "http://a.test/", limits: limits)) } == .couldNotConnect)
            #expect(upstream.slots.counts == (0, 0))
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a call that waits for a name can be cancelled`() async throws {
        try await withUpstream {
            $0.resolver = Self.deaf
        } _: { upstream in
            let call = Task { await code { _ = try await upstream.send(UpstreamRequest(url: "http://a.test/", limits: Self.limits())) } }
            while upstream.slots.counts.taken == 0 { await Task.yield() }
            call.cancel()
            #expect(await call.value == .cancelled)
        }
    }

    @Test func `calls that need the same name share a look-up`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            let asked = Mutex(0)
            let (gate, opener) = AsyncStream.makeStream(of: Void.self)
            let resolver = Resolver { _ in
                asked.withLock { $0 += 1 }
                for await _ in gate {}
                return [.v4(0x7f00_0001)]
            }
            try await withUpstream {
                $0.resolver = resolver
            } _: { upstream in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 {
                        group.addTask { _ = try await upstream.send(UpstreamRequest(url: "http://a.test:\(server.port)/")) }
                    }
                    while upstream.slots.counts.taken < 20 { await Task.yield() }
                    opener.finish()
                    try await group.waitForAll()
                }
            }
            #expect(asked.withLock { $0 } == 1)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `no more exchanges with an origin than allowed, in the order they asked`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream {
                $0.maxConnectionsPerOrigin = 3
            } _: { upstream in
                let busy = Gauge()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            try await upstream.withResponse(UpstreamRequest(url: server.url)) { response in
                                busy.add(1)
                                _ = try await response.body.collect(upTo: 10)
                                busy.add(-1)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(busy.most <= 3)
                #expect(server.record.connections <= 3)
                #expect(upstream.slots.counts == (0, 0))
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: waits)
    func `a call that finds every connection busy waits its time to connect`(_ limits: UpstreamLimits) async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream {
                $0.maxConnectionsPerOrigin = 1; $0.retries = .none
            } _: { upstream in
                try await upstream.withResponse(UpstreamRequest(url: server.url)) { _ in
                    #expect(await code { _ = try await upstream.send(UpstreamRequest(url: server.url, limits: limits)) } == .providerBusy)
                }
                #expect(server.record.requests.count == 1)
                #expect(upstream.slots.counts == (0, 0))
                _ = try await upstream.send(UpstreamRequest(url: server.url))
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `slots pass through cancelled waiters without loss`() async throws {
        let slots = ConnectionSlots(limit: 2, group: MultiThreadedEventLoopGroup.singleton)
        let origin = try TargetURL("https://a.test/").origin
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<2000 {
                group.addTask {
                    let waiter = Task {
                        let slot: ConnectionSlots.Slot
                        do throws(UpstreamError) { slot = try await slots.take(origin, within: .seconds(50)) } catch { return }
                        await Task.yield()
                        slots.give(slot)
                    }
                    if index.isMultiple(of: 3) { waiter.cancel() }
                    await waiter.value
                }
            }
        }
        #expect(slots.counts == (0, 0))
    }

    @Test(arguments: [
        ("a long head", "HTTP/1.1 200 OK\r\n" + String(repeating: "x-a: \(String(repeating: "b", count: 100))\r\n", count: 5000)),
        ("a long field", "HTTP/1.1 200 OK\r\nx-a: " + String(repeating: "b", count: 500_000)),
        ("interim answers without end", String(repeating: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", count: 10_000)),
        (
            "long trailers",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
                + String(repeating: "x-a: \(String(repeating: "b", count: 100))\r\n", count: 5000)
        ),
    ])
    func `a head without bounds is no response`(_ name: String, _ text: String) async throws {
        try await RawServer.run(.init(.request, .send(text))) { server in
            try await withUpstream {
                $0.retries = .none
            } _: { upstream in
                let failure = await code { _ = try await upstream.send(UpstreamRequest(url: server.url)) }
                #expect(failure == .badResponse, "\(name)")
                await server.until { $0.open == 0 }
            }
        }
    }

    @Test func `a head of a reasonable length is a response`() async throws {
        let fields = String(repeating: "x-a: \(String(repeating: "b", count: 200))\r\n", count: 200)
        try await RawServer.run(.response("200 OK", fields, body: "ok")) { server in
            try await withUpstream { upstream in
                let response = try await upstream.send(UpstreamRequest(url: server.url))
                #expect(response.body == ByteBuffer(string: "ok"))
            }
        }
    }
}
