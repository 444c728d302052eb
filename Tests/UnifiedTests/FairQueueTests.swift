import Testing

@testable import Unified

struct `The turns of a fair queue` {
    private static func owner(_ environment: String, _ account: String) -> FairQueue<String>.Owner {
        .init(environment: environment, account: account)
    }

    private static func queue(_ jobs: [(String, String)], perEnvironment: Int = 8) -> FairQueue<String> {
        var queue = FairQueue<String>(perEnvironment: perEnvironment)
        for (at, (environment, account)) in jobs.enumerated() { queue.add("\(account)\(at)", of: owner(environment, account)) }
        return queue
    }

    /// Takes all jobs one after another, each ending before the next begins.
    private static func inTurn(_ queue: FairQueue<String>) -> [String] {
        var (queue, order) = (queue, [String]())
        while let (job, owner) = queue.next() {
            order.append(job)
            queue.finished(owner)
        }
        return order
    }

    @Test func `environments take turns, however many jobs one has brought`() {
        let queue = Self.queue([("A", "a"), ("A", "a"), ("A", "a"), ("B", "b"), ("C", "c"), ("B", "b")])
        #expect(Self.inTurn(queue) == ["a0", "b3", "c4", "a1", "b5", "a2"])
    }

    @Test func `accounts of one environment take turns`() {
        let queue = Self.queue([("A", "a"), ("A", "a"), ("A", "b"), ("A", "c"), ("A", "b")])
        #expect(Self.inTurn(queue) == ["a0", "b2", "c3", "a1", "b4"])
    }

    @Test func `jobs of one account keep their order and run one at a time`() {
        var queue = Self.queue([("A", "a"), ("A", "a"), ("A", "b")])
        #expect(queue.next()?.job == "a0")
        #expect(queue.next()?.job == "b2")
        #expect(queue.next() == nil, "a is running")
        queue.finished(Self.owner("A", "a"))
        #expect(queue.next()?.job == "a1")
    }

    @Test func `one environment leaves threads to the others`() {
        var queue = Self.queue([("A", "a"), ("A", "b"), ("A", "c"), ("B", "d")], perEnvironment: 2)
        #expect(queue.next()?.job == "a0")
        #expect(queue.next()?.job == "d3")
        #expect(queue.next()?.job == "b1")
        #expect(queue.next() == nil, "A has two")
        queue.finished(Self.owner("A", "b"))
        #expect(queue.next()?.job == "c2")
    }

    @Test func `nothing is left of owners that are done`() {
        var queue = Self.queue([("A", "a"), ("B", "b")])
        while let (_, owner) = queue.next() { queue.finished(owner) }
        queue.add("again", of: Self.owner("A", "a"))
        #expect(queue.next()?.job == "again")
        #expect(queue.next() == nil)
    }
}
