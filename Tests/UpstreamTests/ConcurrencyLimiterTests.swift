import Synchronization
import Testing

@testable import Upstream

/// Calls of an account under way at a time.
@Suite(.timeLimit(.minutes(5))) struct ConcurrencyLimiterTests {
    /// Long enough that no test waits for its end.
    static let hour = Duration.seconds(3600)

    @Test func `no more than the limit are under way, and those that wait follow in their order`() async throws {
        let limiter = ConcurrencyLimiter(longestWait: Self.hour)
        var turns = [try #require(try await limiter.begin("a", limit: 2)), try #require(try await limiter.begin("a", limit: 2))]
        #expect(try await limiter.begin("another", limit: 2) != nil)
        var waiting: [Task<CallTurn?, any Error>] = []
        for _ in 0..<4 {
            let known = limiter.waitingCount("a")
            waiting.append(Task { try await limiter.begin("a", limit: 2) })
            while limiter.waitingCount("a") == known { await Task.yield() }
        }
        for (at, task) in waiting.enumerated() {
            #expect(limiter.waitingCount("a") == waiting.count - at)
            turns.removeFirst().end()
            turns.append(try #require(try await task.value))
        }
        for turn in turns { turn.end() }
        #expect(limiter.accountCount == 0)
    }

    @Test func `one that has waited for too long is refused, and its place in the line is gone`() async throws {
        let limiter = ConcurrencyLimiter(longestWait: .milliseconds(20))
        let first = try await limiter.begin("a", limit: 1)
        #expect(try await limiter.begin("a", limit: 1) == nil)
        #expect(limiter.waitingCount("a") == 0)
        first?.end()
        #expect(try await limiter.begin("a", limit: 1) != nil)
    }

    @Test func `a turn that is ended twice lets in one, and one that is forgotten ends`() async throws {
        let limiter = ConcurrencyLimiter(longestWait: .zero)
        let first = try #require(try await limiter.begin("a", limit: 1))
        first.end()
        first.end()
        let second = try await limiter.begin("a", limit: 1)
        #expect(second != nil)
        #expect(try await limiter.begin("a", limit: 1) == nil)
        second?.end()
        _ = try await limiter.begin("a", limit: 1)
        #expect(limiter.accountCount == 0)
    }

    @Test func `one that is cancelled while it waits does not count`() async throws {
        let limiter = ConcurrencyLimiter(longestWait: Self.hour)
        let first = try await limiter.begin("a", limit: 1)
        let waiting = Task { try await limiter.begin("a", limit: 1) }
        while limiter.waitingCount("a") == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let early = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await limiter.begin("a", limit: 1)
        }
        early.cancel()
        await #expect(throws: CancellationError.self) { try await early.value }
        first?.end()
        #expect(limiter.accountCount == 0)
    }

    @Test func `nodes on one store have together what one may`() async throws {
        let store = MemoryStore()
        let nodes = (0..<3).map { _ in
            ConcurrencyLimiter(longestWait: .zero, shared: SharedBuckets(store: store, logger: SharedBucketsTests.silent))
        }
        var turns: [CallTurn] = []
        for at in 0..<9 { if let turn = try await nodes[at % 3].begin("a", limit: 4) { turns.append(turn) } }
        #expect(turns.count == 4)
        turns.removeFirst().end()
        // The place is given back when the store gets to it.
        while store.kept.values.map(\.count) != [3] { await Task.yield() }
        let next = try await nodes[2].begin("a", limit: 4)
        #expect(next != nil)
        #expect(try await nodes[0].begin("a", limit: 4) == nil)
        for turn in turns + [next] { turn?.end() }
        while store.kept.values.map(\.count) != [0] { await Task.yield() }
    }

    @Test func `the calls of a node that is gone count no longer than their lease`() async throws {
        let store = MemoryStore()
        func node() -> ConcurrencyLimiter {
            ConcurrencyLimiter(longestWait: .zero, shared: SharedBuckets(store: store, logger: SharedBucketsTests.silent), lease: Self.hour)
        }
        let gone = try await node().begin("a", limit: 1)
        #expect(try await node().begin("a", limit: 1) == nil)
        store.state.withLock { $0.now += 3600 * 1_000_000 }
        #expect(try await node().begin("a", limit: 1) != nil)
        gone?.end()
    }

    @Test(arguments: [MemoryStore.Mood.fails, .hangs])
    func `while the store does not respond the node counts alone`(mood: MemoryStore.Mood) async throws {
        let store = MemoryStore()
        store.state.withLock { $0.mood = mood }
        let limiter = ConcurrencyLimiter(
            longestWait: .zero,
            shared: SharedBuckets(store: store, logger: SharedBucketsTests.silent, patience: .milliseconds(20)))
        let turns = [try await limiter.begin("a", limit: 2), try await limiter.begin("a", limit: 2)]
        #expect(turns.allSatisfy { $0 != nil })
        #expect(try await limiter.begin("a", limit: 2) == nil)
    }

    @Test func `a lease is one moment, which renewing moves on and giving back removes`() {
        var leases = ConcurrencyLeases([5, 10, 20], at: 10)
        #expect(leases.moments == [20])
        #expect(leases.take(limit: 3, until: 30) == 30)
        #expect(leases.take(limit: 3, until: 30) == 31, "each is in use once")
        #expect(leases.take(limit: 3, until: 40) == nil)
        #expect(leases.renew(30, until: 50) == 50)
        leases.give(20)
        #expect(leases.moments == [31, 50])
        // Its lease had lapsed, and the call goes on.
        #expect(leases.renew(7, until: 60) == 60)
        leases.give(7)
        #expect(leases.moments == [31, 50, 60])
    }
}
