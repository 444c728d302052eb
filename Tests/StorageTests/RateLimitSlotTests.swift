import StorageTestSupport
import Testing

@testable import Storage

@Suite struct RateLimitSlotTests {
    private static let hour: Int64 = 3_600_000_000

    @Test func `what is decided on is what was kept last, and nil keeps it`() async throws {
        try await withStore { store, _ in
            func change(_ name: String, to moments: [Int64]?) async throws -> [Int64] {
                try await store.changeRateLimits(name) { kept, _ in (moments, kept) }
            }
            var seen = [try await change("a", to: [1, 2]), try await change("b", to: nil), try await change("a", to: nil)]
            #expect(seen == [[], [], [1, 2]])
            seen = [try await change("a", to: [-3, .max / 2]), try await change("a", to: nil), try await change("b", to: [7])]
            #expect(seen == [[1, 2], [-3, .max / 2], []])
        }
    }

    @Test func `of changes at once, from several nodes, none is lost, and the clock never goes back`() async throws {
        try await withStore { _, address in
            let nodes = try await stores(3, on: address)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for turn in 0..<150 {
                    group.addTask {
                        let isLater = try await nodes[turn % 3].changeRateLimits("a") { kept, now in
                            ([(kept.first ?? 0) + 1, now], now >= kept.last ?? 0)
                        }
                        #expect(isLater)
                    }
                }
                try await group.waitForAll()
            }
            let count = try await nodes[0].changeRateLimits("a") { kept, _ in (nil, kept[0]) }
            #expect(count == 150)
            for node in nodes { try node.close() }
        }
    }

    @Test func `the clock is the database's, since 1970`() async throws {
        try await withStore { store, _ in
            let clock = store.engine.clockQuery
            func text() async throws -> String {
                try await store.engine.read { session in
                    guard var row = try session.rows(clock).first else { return "" }
                    return try row.text()
                }
            }
            let before = try #require(Timestamp(try await text())).millisecondsSinceEpoch
            let now = try await store.changeRateLimits("a") { _, now in (nil, now) } / 1000
            let after = try #require(Timestamp(try await text())).millisecondsSinceEpoch
            // A Julian day of SQLite is right to a tenth of a millisecond.
            #expect((before - 1...after + 1).contains(now))
        }
    }

    @Test func `what nobody needs is removed, a batch at a time, and nothing else`() async throws {
        try await withStore { store, _ in
            for turn in 0..<5 {
                try await store.changeRateLimits("old\(turn)") { _, _ in ([Self.hour * Int64(10 + turn)], ()) }
            }
            try await store.changeRateLimits("new") { _, _ in ([Self.hour * 20], ()) }
            let time = Timestamp(millisecondsSinceEpoch: 16 * 3_600_000)
            #expect(try await store.deleteRateLimits(expiredAt: time, limit: 3) == 3)
            #expect(try await store.deleteRateLimits(expiredAt: time, limit: 3) == 2)
            #expect(try await store.deleteRateLimits(expiredAt: time, limit: 3) == 0)
            let kept = try await store.changeRateLimits("new") { kept, _ in (nil, kept) }
            #expect(kept == [Self.hour * 20])
        }
    }

    @Test func `a moment is kept for an hour at least after it has passed`() async throws {
        try await withStore { store, _ in
            try await store.changeRateLimits("a") { _, _ in ([Self.hour * 10 + 1], ()) }
            let soon = Timestamp(millisecondsSinceEpoch: 11 * 3_600_000)
            #expect(try await store.deleteRateLimits(expiredAt: soon, limit: 10) == 0)
        }
    }

    @Test(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
    func `a server writes no log for it`() async throws {
        try await withStore([.postgres]) { store, _ in
            let kind = try await store.engine.read { session in
                try session.rows("SELECT CAST(relpersistence AS TEXT) FROM pg_class WHERE relname = 'call_turns'")
                    .map { row in
                        var row = row
                        return try row.text()
                    }
            }
            #expect(kind == ["u"])
        }
    }

    private func stores(_ count: Int, on address: String) async throws -> [SQLStore] {
        var stores: [SQLStore] = []
        for _ in 0..<count {
            stores.append(try await SQLStore.open(try #require(DatabaseLocation(address)), now: .start))
        }
        return stores
    }
}
