import Testing

@testable import Storage

@Suite struct LeaseTests {
    @Test func `one owner holds it until it is given back or runs out`() async throws {
        try await withStore { store, _ in
            func acquire(_ owner: String, at second: Int64) async throws -> Bool {
                try await store.acquireLease("l", owner: owner, seconds: 10, now: .start(plus: second))
            }
            var got = [try await acquire("a", at: 0), try await acquire("b", at: 9), try await acquire("a", at: 5)]
            #expect(got == [true, false, true])
            got = [try await acquire("b", at: 14), try await acquire("b", at: 15)]
            #expect(got == [false, true], "asking again has moved the end")
            #expect(try await store.renewLease("l", owner: "a", seconds: 10, now: .start(plus: 16)) == false)
            #expect(try await store.renewLease("l", owner: "b", seconds: 10, now: .start(plus: 20)))
            #expect(try await acquire("a", at: 29) == false)
            try await store.releaseLease("l", owner: "a")
            #expect(try await acquire("a", at: 29) == false)
            try await store.releaseLease("l", owner: "b")
            #expect(try await acquire("a", at: 29))
            #expect(try await store.renewLease("l", owner: "a", seconds: 10, now: .start(plus: 39)) == false)
        }
    }

    @Test func `of many who ask at once one gets it, by the database's clock`() async throws {
        try await withStore { store, _ in
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for owner in 0..<20 {
                    group.addTask { try await store.acquireLease("l", owner: "\(owner)", seconds: 60, now: nil) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }
}
