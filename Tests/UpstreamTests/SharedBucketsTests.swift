import Logging
import Synchronization
import Testing

@testable import Upstream

/// Buckets that several nodes draw from, on a store whose clock and moods the tests set.
@Suite struct SharedBucketsTests {
    static let tenPerHour = GCRABucket.Rule(requests: 10, seconds: 3600, burst: 10)
    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    @Test func `nodes on one store let through together what one may`() async throws {
        let store = MemoryStore()
        let nodes = (0..<3).map { _ in
            CallLimiter(longestWait: .zero, shared: SharedBuckets(store: store, logger: Self.silent))
        }
        var passed = 0
        for turn in 0..<60 where try await nodes[turn % 3].pass("a", [Self.tenPerHour]) == nil { passed += 1 }
        #expect(passed == 10)
        #expect(try await nodes[0].pass("another", [Self.tenPerHour]) == nil)
    }

    @Test func `all rules hold, and a refusal counts in none of them`() async {
        let store = MemoryStore()
        let shared = SharedBuckets(store: store, logger: Self.silent)
        let rules = [GCRABucket.Rule(requests: 1, seconds: 1, burst: 1), Self.tenPerHour]
        func admit(at second: Int64) async -> CallLimiter.TokenResult? {
            store.state.withLock { $0.now = second * 1_000_000 }
            return await shared.admit("a", rules, at: .seconds(second), longestWait: .zero, timeLeft: nil)?.verdict
        }
        for second in 0..<9 {
            #expect(await admit(at: Int64(second)) == .go(after: .zero))
            #expect(await admit(at: Int64(second)) == .refused(wait: .seconds(1), rule: 0))
        }
        #expect(await admit(at: 9) == .go(after: .zero))
        // Had a refusal counted, the hour's ten would be used up sooner.
        #expect(await admit(at: 20) == .refused(wait: .seconds(340), rule: 1))
    }

    @Test func `nodes that know other rules count apart`() async {
        let shared = SharedBuckets(store: MemoryStore(), logger: Self.silent)
        let older = GCRABucket.Rule(requests: 1, seconds: 3600, burst: 1)
        let newer = GCRABucket.Rule(requests: 1, seconds: 3600, burst: 2)
        var verdicts: [CallLimiter.TokenResult?] = []
        for rule in [older, newer, older, newer] {
            verdicts.append(await shared.admit("a", [rule], at: .zero, longestWait: .zero, timeLeft: nil)?.verdict)
        }
        #expect(
            verdicts == [
                .go(after: .zero), .go(after: .zero), .refused(wait: .seconds(3600), rule: 0), .go(after: .zero),
            ])
    }

    @Test func `who insists after a refusal costs the store nothing until a call can be let in`() async {
        let store = MemoryStore()
        let shared = SharedBuckets(store: store, logger: Self.silent)
        let rule = GCRABucket.Rule(requests: 1, seconds: 10, burst: 1)
        func admit(at second: Int64) async -> CallLimiter.TokenResult? {
            store.state.withLock { $0.now = second * 1_000_000 }
            return await shared.admit("a", [rule], at: .seconds(second), longestWait: .seconds(2), timeLeft: nil)?.verdict
        }
        #expect(await admit(at: 0) == .go(after: .zero))
        for second in 0..<8 {
            #expect(await admit(at: Int64(second)) == .refused(wait: .seconds(10 - second), rule: 0))
        }
        #expect(store.state.withLock { $0.asked } == 2)
        #expect(await admit(at: 8) == .go(after: .seconds(2)))
        #expect(store.state.withLock { $0.asked } == 3)
    }

    @Test(.timeLimit(.minutes(5)), arguments: [MemoryStore.Mood.fails, .hangs])
    func `while the store does not respond the node counts alone, and says so once`(mood: MemoryStore.Mood) async throws {
        let (store, lines) = (MemoryStore(), LogLines())
        let shared = SharedBuckets(
            store: store, logger: Logger(label: "test") { _ in lines }, patience: .milliseconds(20), pause: .seconds(1))
        let limiter = CallLimiter(longestWait: .zero, shared: shared)
        // Counted by all nodes, and so by this one.
        for _ in 0..<4 { #expect(try await limiter.pass("a", [Self.tenPerHour]) == nil) }
        store.state.withLock { $0.mood = mood }
        for _ in 0..<6 { #expect(try await limiter.pass("a", [Self.tenPerHour]) == nil) }
        let refusal = try await limiter.pass("a", [Self.tenPerHour])
        #expect(refusal?.retryAfter == 360)
        #expect(lines.levels == [.warning])
    }

    @Test func `the store is asked again after a pause, and nodes count together as soon as it responds`() async {
        let (store, lines) = (MemoryStore(), LogLines())
        let shared = SharedBuckets(
            store: store, logger: Logger(label: "test") { _ in lines }, patience: .milliseconds(100), pause: .seconds(1))
        func admit(at milliseconds: Int) async -> CallLimiter.TokenResult? {
            await shared.admit("a", [Self.tenPerHour], at: .milliseconds(milliseconds), longestWait: .zero, timeLeft: nil)?
                .verdict
        }
        store.state.withLock { $0.mood = .fails }
        #expect(await admit(at: 0) == nil)
        #expect(await admit(at: 1000) == nil)
        #expect(store.state.withLock { $0.asked } == 1)
        #expect(await admit(at: 1100) == nil)
        #expect(store.state.withLock { $0.asked } == 2)
        store.state.withLock { $0.mood = .responses }
        #expect(await admit(at: 2100) == nil, "not yet asked")
        #expect(await admit(at: 2200) == .go(after: .zero))
        #expect(await admit(at: 2200) == .go(after: .zero))
        #expect(lines.levels == [.warning, .notice])
    }

    @Test(.timeLimit(.minutes(5))) func `a cancelled wait is counted nowhere`() async throws {
        let store = MemoryStore()
        let rule = GCRABucket.Rule(requests: 1, seconds: 1800, burst: 1)
        let limiter = CallLimiter(
            longestWait: .seconds(3600), shared: SharedBuckets(store: store, logger: Self.silent))
        #expect(try await limiter.pass("a", [rule]) == nil)
        let before = store.kept
        let waiting = Task { try await limiter.pass("a", [rule]) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        while store.kept != before { await Task.yield() }
    }
}

/// Keeps moments in memory.
final class MemoryStore: GCRABucketStore {
    enum Mood: Sendable { case responses, fails, hangs }
    struct Away: Error {}
    struct State {
        var kept: [String: [Int64]] = [:]
        var now: Int64 = 0
        var mood = Mood.responses
        var asked = 0
    }

    let state = Mutex(State())
    /// Never yields, and ends with the store.
    private let silence = AsyncStream.makeStream(of: Never.self)

    deinit { silence.continuation.finish() }

    var kept: [String: [Int64]] { state.withLock { $0.kept } }

    func change<Result: Sendable>(
        _ name: String, _ change: @escaping @Sendable ([Int64], Int64) -> (moments: [Int64]?, result: Result)
    ) async throws -> Result {
        let mood = state.withLock { state in
            state.asked += 1
            return state.mood
        }
        if mood == .hangs { for await _ in silence.stream {} }
        guard mood == .responses else { throw Away() }
        return state.withLock { state in
            let (moments, result) = change(state.kept[name] ?? [], state.now)
            if let moments { state.kept[name] = moments }
            return result
        }
    }
}

/// Keeps the levels of what is logged.
final class LogLines: LogHandler, Sendable {
    private let kept = Mutex<[Logger.Level]>([])
    var levels: [Logger.Level] { kept.withLock { $0 } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    func log(event: LogEvent) { kept.withLock { $0.append(event.level) } }
}
