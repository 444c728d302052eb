import Testing

@testable import Upstream

/// Who is looked up for next, of those that wait.
struct `The turns of look-ups` {
    private static func queue(together: Int = 2, perKey: Int = 1, longestQueue: Int = 2) -> FairQueue<String> {
        FairQueue(together: together, perKey: perKey, longestQueue: longestQueue)
    }

    @Test func `start at once while there is room, and no key takes more than its part`() {
        var queue = Self.queue()
        #expect(queue.add("a1", for: "a") == .starts)
        #expect(queue.add("a2", for: "a") == .waits, "there is room, and it is not a's")
        #expect(queue.add("b1", for: "b") == .starts)
        #expect(queue.add("c1", for: "c") == .waits)
        #expect(queue.ended("a") == ["a2"])
        #expect(queue.ended("b") == ["c1"])
    }

    @Test func `go from key to key, each in its own order`() {
        var queue = Self.queue(together: 1, perKey: 1, longestQueue: 9)
        for name in ["a1", "a2", "a3", "b1", "b2", "c1"] { _ = queue.add(name, for: String(name.prefix(1))) }
        var order: [String] = []
        var running = "a"
        while let next = queue.ended(running).first {
            order.append(next)
            running = String(next.prefix(1))
        }
        #expect(order == ["a2", "b1", "c1", "a3", "b2"])
    }

    @Test func `are refused where too many wait for one key, and no other`() {
        var queue = Self.queue(together: 1)
        _ = queue.add("a1", for: "a")
        #expect(queue.add("a2", for: "a") == .waits && queue.add("a3", for: "a") == .waits)
        #expect(queue.add("a4", for: "a") == .refused)
        #expect(queue.add("b1", for: "b") == .waits)
    }

    @Test func `are all free again when everybody has ended`() {
        var queue = Self.queue()
        for _ in 0..<3 {
            #expect(queue.add("a1", for: "a") == .starts && queue.add("b1", for: "b") == .starts)
            #expect(queue.ended("a").isEmpty && queue.ended("b").isEmpty)
        }
    }

    @Test func `give a name up where too many wait, and hand on what it failed with`() async throws {
        let turns = LookUpTurns()
        #expect(try await turns.take(for: "e") { 5 } == 5)
        await #expect(throws: Boom.self) { try await turns.take(for: "e") { throw Boom() } }
        // A turn that failed is free again.
        for _ in 0..<LookUpTurns.perEnvironment + 1 { #expect(try await turns.take(for: "e") { 5 } == 5) }
    }
}
