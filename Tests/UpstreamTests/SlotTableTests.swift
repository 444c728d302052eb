import HTTPTypes
import NIOCore
import NIOPosix
import Testing
import TestSupport

@testable import Upstream

/// The shares of what many tenants need: connections to a provider, and names to be looked up.
@Suite struct SlotTableTests {
    private static func tenant(_ name: String) -> Tenant {
        Tenant(environment: String(name.prefix(1)), account: name)
    }

    /// Eight slots: an account's share is one, an environment's two.
    private static func table() -> SlotTable {
        SlotTable(limit: 8, shares: ConnectionShares(account: 1.0 / 8, environment: 1.0 / 4))
    }

    @Test func `alone, one account may hold every slot`() {
        var table = Self.table()
        for number in 1...8 { #expect(table.take(UInt64(number), for: Self.tenant("a1")) == true) }
        #expect(table.take(9, for: Self.tenant("a1")) == false)
        #expect(table.counts == (8, 1))
    }

    @Test func `a free slot goes to who is below its shares, else to who waited longest`() {
        var table = Self.table()
        for number in 1...8 { _ = table.take(UInt64(number), for: Self.tenant("a1")) }
        for (number, name) in [(9, "a1"), (10, "a2"), (11, "b1"), (12, "b2"), (13, "b3")] {
            #expect(table.take(UInt64(number), for: Self.tenant(name)) == false)
        }
        // Environment a holds more than its share, whichever account asks; b gets two, and then nobody is below.
        #expect(table.give(1) == 11)
        #expect(table.give(2) == 12)
        #expect(table.give(3) == 9)
        #expect(table.counts == (8, 2))
    }

    @Test func `whoever is below its shares may press those above theirs, oldest first`() {
        var table = Self.table()
        for number in 1...7 { _ = table.take(UInt64(number), for: Self.tenant("a1")) }
        _ = table.take(8, for: Self.tenant("b1"))
        _ = table.take(9, for: Self.tenant("a1"))
        _ = table.take(10, for: Self.tenant("c1"))
        #expect(table.press(for: 9) == nil)
        #expect(table.press(for: 10) == 1)
        #expect(table.press(for: 10) == 2)
        #expect(table.press(for: nil) == 3)
        #expect(table.give(1) == 10)
        #expect(table.press(for: nil) == nil)
    }

    @Test func `nobody gives way to somebody who has left, and nothing is left over`() {
        var table = Self.table()
        for number in 1...8 { _ = table.take(UInt64(number), for: Self.tenant("a1")) }
        _ = table.take(9, for: nil)
        #expect(table.remove(waiter: 9) == true)
        #expect(table.remove(waiter: 9) == false)
        #expect(table.press(for: 9) == nil)
        for number in 1...8 { #expect(table.give(UInt64(number)) == nil) }
        #expect(table.isUnused)
    }

    @Test(.timeLimit(.minutes(5))) func `slow uploads of one account do not keep another's call out`() async throws {
        try await RawServer.run(.response("200 OK", body: "ok")) { server in
            try await withUpstream {
                $0.maxConnectionsPerOrigin = 16
            } _: { upstream in
                try await withThrowingTaskGroup(of: UpstreamError.Code?.self) { group in
                    for _ in 0..<16 {
                        var request = UpstreamRequest(
                            method: .post, url: server.url,
                            body: .stream(length: 1000) { writer in
                                try await writer.write(ByteBuffer(string: "x"))
                                try await Task.sleep(for: .seconds(600))
                            }, limits: .stream)
                        request.tenant = Self.tenant("a1")
                        let sent = request
                        group.addTask { await code { _ = try await upstream.send(sent) } }
                    }
                    await server.until { $0.open == 16 && $0.bytes > 16 * 20 }
                    var request = UpstreamRequest(url: server.url)
                    request.tenant = Self.tenant("b1")
                    #expect(try await upstream.send(request).status == .ok)
                    // Exactly one of the others gave way.
                    #expect(try await group.next() == .providerBusy)
                    #expect(upstream.slots.counts.taken == 15)
                    group.cancelAll()
                    while let ended = try await group.next() { #expect(ended == .cancelled) }
                }
                #expect(upstream.slots.counts == (0, 0))
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `an upload that the provider has whole never gives way`() async throws {
        try await RawServer.run(.silence) { server in
            try await withUpstream {
                $0.maxConnectionsPerOrigin = 1; $0.retries = .none
            } _: { upstream in
                let upload = Task {
                    var request = UpstreamRequest(method: .post, url: server.url, body: .bytes(ByteBuffer(string: "abc")), limits: .stream)
                    request.tenant = Self.tenant("a1")
                    return await code { _ = try await upstream.send(request) }
                }
                await server.until { $0.bytes > 50 }
                var request = UpstreamRequest(url: server.url, limits: UpstreamLimits(connect: .seconds(2)))
                request.tenant = Self.tenant("b1")
                let late = request
                #expect(await code { _ = try await upstream.send(late) } == .providerBusy)
                #expect(upstream.slots.counts == (1, 0))
                upload.cancel()
                #expect(await upload.value == .cancelled)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a response that drips is given up`() async throws {
        let script = RawServer.Script(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n"), .drip)
        try await RawServer.run(script) { server in
            try await withUpstream {
                $0.pace = Pace(bytesPerSecond: 10_000, seconds: 1); $0.retries = .none
            } _: { upstream in
                #expect(await code { _ = try await upstream.send(UpstreamRequest(url: server.url, limits: .stream)) } == .timedOut)
            }
        }
    }

    @Test(arguments: ["000", "099", "600", "999"])
    func `a status that is none is no response`(status: String) async throws {
        try await RawServer.run(.response("\(status) Odd", body: "x")) { server in
            try await withUpstream {
                $0.retries = .none
            } _: { upstream in
                #expect(await code { _ = try await upstream.send(UpstreamRequest(url: server.url)) } == .badResponse)
            }
        }
    }
}

@Suite struct PaceMeterTests {
    struct Row: Sendable {
        var moves: [(bytes: Int, seconds: Double)]
        var isKept: Bool
    }

    static let rows: [Row] = [
        Row(moves: [(0, 29)], isKept: true),
        Row(moves: [(0, 31)], isKept: false),
        Row(moves: [(1, 10), (1, 10), (1, 9)], isKept: true),
        Row(moves: [(1, 10), (1, 10), (1, 11)], isKept: false),
        Row(moves: [(40_000, 31)], isKept: true),
        Row(moves: [(1 << 20, 1), (0, 10), (0, 10), (0, 10)], isKept: true),
        Row(moves: [(1 << 20, 16), (0, 16), (0, 16)], isKept: false),
        Row(moves: Array(repeating: (1024, 1.0), count: 100), isKept: true),
        Row(moves: Array(repeating: (1000, 1.0), count: 100), isKept: false),
    ]

    @Test(arguments: rows.indices) func `a kibibyte a second over half a minute is the least`(index: Int) {
        var meter = PaceMeter(.standard)
        let row = Self.rows[index]
        var isKept = true
        for move in row.moves where isKept { isKept = meter.moved(move.bytes, after: .seconds(move.seconds)) }
        #expect(isKept == row.isKept)
    }
}

@Suite struct FairQueueTests {
    @Test func `keys take turns, none more than its part`() {
        var queue = FairQueue<Int>(together: 3, perKey: 2, longestQueue: 2)
        #expect(queue.add(1, for: "a") == .starts)
        #expect(queue.add(2, for: "a") == .starts)
        #expect(queue.add(3, for: "a") == .waits)
        #expect(queue.add(4, for: "b") == .starts)
        #expect(queue.add(5, for: "b") == .waits)
        #expect(queue.add(6, for: "a") == .waits)
        #expect(queue.add(7, for: "a") == .refused)
        #expect(queue.ended("a") == [3])
        #expect(queue.ended("a") == [5])
        #expect(queue.ended("b") == [6])
        #expect(queue.ended("a") == [])
        #expect(queue.ended("a") == [])
        #expect(queue.ended("b") == [])
        #expect(queue.add(8, for: "c") == .starts)
    }
}
