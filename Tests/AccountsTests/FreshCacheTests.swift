import Testing
import TestSupport

@testable import Accounts

@Suite struct FreshCacheTests {
    private let world = World()

    @Test func `callers that miss at once share one read`() async throws {
        let cache = FreshCache<String, Int>(lifetime: .seconds(1), capacity: 10, uptime: world.effects.uptime)
        let reads = Counter()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let values = try await withThrowingTaskGroup(of: Int?.self) { group in
            for caller in 0..<50 {
                group.addTask {
                    try await cache.value("a") { (_) async throws(AccountsError) in
                        reads.add()
                        for await _ in gate { break }
                        return 7
                    }
                }
                if caller == 49 { open.finish() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: 7, count: 50))
        #expect(reads.count == 1)
    }

    @Test func `a read that began before a drop is not kept`() async throws {
        let cache = FreshCache<String, Int>(lifetime: .seconds(1), capacity: 10, uptime: world.effects.uptime)
        let first = try await cache.value("a") { (_) async throws(AccountsError) in
            cache.drop("a")
            return 1
        }
        #expect(first == 1)
        #expect(try await cache.value("a") { (_) async throws(AccountsError) in 2 } == 2)
    }

    @Test func `what is nil or an error is read again`() async throws {
        let cache = FreshCache<String, Int>(lifetime: .seconds(1), capacity: 10, uptime: world.effects.uptime)
        #expect(try await cache.value("a") { (_) async throws(AccountsError) in nil } == nil)
        await expect(.notFound) {
            _ = try await cache.value("a") { (_) async throws(AccountsError) in throw .notFound("it") }
        }
        #expect(try await cache.value("a") { (_) async throws(AccountsError) in 3 } == 3)
    }

    @Test func `a value that is too old is read again, and given to the reader`() async throws {
        let cache = FreshCache<String, Int>(lifetime: .seconds(1), capacity: 10, uptime: world.effects.uptime)
        for (passed, expected) in [(0.0, 1), (0.999, 1), (0.001, 2), (1, 3)] {
            world.pass(seconds: passed)
            #expect(try await cache.value("a") { (old) async throws(AccountsError) in (old ?? 0) + 1 } == expected)
        }
    }

    @Test func `it never holds more than its bound, and what is used stays`() async throws {
        let cache = FreshCache<Int, Int>(lifetime: .seconds(1), capacity: 10, uptime: world.effects.uptime)
        let reads = Counter()
        for key in 1...1000 {
            for key in [key, 0] {
                _ = try await cache.value(key) { (_) async throws(AccountsError) in
                    if key == 0 { reads.add() }
                    return key
                }
            }
            if key % 7 == 0 { cache.drop(key) }
        }
        #expect(cache.count <= 10)
        #expect(reads.count == 1)
    }
}
