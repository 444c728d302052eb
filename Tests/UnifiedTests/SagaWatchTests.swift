import Testing

@testable import Unified

/// What is known of a step's requests when the step has failed.
@Suite struct SagaWatchTests {
    @Test(
        arguments: [
            ([], false, false), ([false], false, false), ([false, false], false, false), ([true], true, false),
            ([false, true], true, false), ([true, false], true, true), ([true, true], true, true), ([false, true, false], true, true),
        ] as [([Bool], Bool, Bool)])
    func `a request behind the first that changes something tells that this was accepted`(
        writes: [Bool], hasWritten: Bool, hasGoneOn: Bool
    ) {
        let watch = SagaWatch()
        for isWrite in writes { watch.sends(isWrite: isWrite) }
        #expect(watch.hasWritten == hasWritten)
        #expect(watch.hasGoneOn == hasGoneOn)
    }

    @Test func `before the first request something is to be recorded, even without a file`() {
        let watch = SagaWatch()
        #expect(watch.news() == [])
        #expect(watch.news() == nil)
    }

    /// The files that requests hold, one after another, and what is to be recorded before each.
    static let rows: [([[Int]], [Set<Int>?])] = [
        ([[0]], [[0]]), ([[0], []], [[0], nil]), ([[], [0]], [[], [0]]), ([[0], [0]], [[0], nil]), ([[2, 0], [0, 2]], [[0, 2], nil]),
        ([[0], [1], [1, 0], [3]], [[0], [0, 1], nil, [0, 1, 3]]),
    ]

    @Test(arguments: rows) func `all files so far are recorded where one was added`(held: [[Int]], news: [Set<Int>?]) {
        let watch = SagaWatch()
        var recorded: [Set<Int>?] = []
        for items in held {
            watch.holds(items)
            recorded.append(watch.news())
        }
        #expect(recorded == news)
        #expect(watch.held == held.reduce(into: []) { $0.formUnion($1) })
    }

    @Test(arguments: [(nil, false), (.create, false), (.reuse, true), (.fail, true)] as [(DuplicatePolicy.Choice?, Bool)])
    func `a candidate is looked for where one who is there would change what is done`(asked: DuplicatePolicy.Choice?, looks: Bool) {
        #expect(DuplicatePolicy(asked: asked).looks == looks)
    }
}
