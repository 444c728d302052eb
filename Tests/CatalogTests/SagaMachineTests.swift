import JSON
import Testing

@testable import Catalog

/// The order of a saga's steps, and what becomes of those that fail.
struct SagaMachineTests {
    private static let failure = SagaFailure(status: 422, code: "remote_error", message: "no")

    /// candidate, application (both essential), two files and tags.
    private static var usual: SagaMachine {
        SagaMachine([
            .init(name: "candidate", definition: 0, isEssential: true, canFind: true),
            .init(name: "application", definition: 1, isEssential: true, canFind: true),
            .init(name: "attachments[0]", definition: 2, item: 0, isEssential: false, canFind: true),
            .init(name: "attachments[1]", definition: 2, item: 1, isEssential: false, canFind: false),
            .init(name: "tags", definition: 3, isEssential: false, isRepeatable: true),
        ])
    }

    private static func settled(upTo count: Int) -> SagaMachine {
        var machine = usual
        for at in 0..<count { machine.done(at, id: "\(at)") }
        return machine
    }

    @Test(arguments: 0..<5) func `steps are sent in their order`(at: Int) {
        #expect(Self.settled(upTo: at).next == .send(at))
    }

    @Test func `nothing is left when all is done`() {
        #expect(Self.settled(upTo: 5).next == .finish)
        #expect(Self.settled(upTo: 5).isComplete)
        #expect(!Self.settled(upTo: 4).isComplete)
    }

    @Test(arguments: [(0, SagaMachine.Action.stop(0)), (1, .stop(1)), (2, .send(3)), (3, .send(4)), (4, .finish)])
    func `a failure ends the call up to the application, and not behind it`(at: Int, next: SagaMachine.Action) {
        var machine = Self.settled(upTo: at)
        machine.failed(at, Self.failure)
        #expect(machine.next == next)
        #expect(!machine.isComplete)
        var uncertain = Self.settled(upTo: at)
        uncertain.unresolved(at, Self.failure)
        #expect(uncertain.next == next)
    }

    @Test(arguments: [
        (SagaMachine.Status.failed, 0, SagaMachine.Action.send(0)), (.sending, 0, .find(0)), (.unknown, 1, .find(1)),
        (.sending, 2, .find(2)), (.sending, 4, .send(4)), (.failed, 3, .send(3)),
        // What cannot be looked for is not sent again.
        (.sending, 3, .send(4)),
    ])
    func `a repeat sends what failed and looks for what is unknown`(
        status: SagaMachine.Status, at: Int, next: SagaMachine.Action
    ) {
        let names = Self.usual.steps.map(\.name)
        var recorded = names[..<at].map { SagaMachine.Recorded(name: $0, status: .done, id: $0) }
        recorded.append(.init(name: names[at], status: status))
        var machine = Self.usual
        machine.resume(recorded, searched: true)
        #expect(machine.next == next)
    }

    @Test func `a step whose rest was refused is failed, and looked for by the repeat`() throws {
        var machine = Self.settled(upTo: 1)
        machine.refusedRest(of: 1, Self.failure)
        #expect(machine.next == .stop(1))
        #expect(machine.summary.array?[1]["status"] == "failed" && machine.summary.array?[1]["http_status"] == 422)
        var repeated = Self.usual
        repeated.resume((machine.recorded.array ?? []).compactMap(SagaMachine.Recorded.init), searched: true)
        #expect(repeated.next == .find(1))
        var found = repeated
        found.done(1, id: "a1")
        #expect(found.steps[1].rest == Self.failure && found.summary.array?[1]["status"] == "done")
        repeated.missing(1)
        #expect(repeated.next == .send(1))
        repeated.sends(1)
        #expect(repeated.steps[1].rest == nil)
    }

    @Test func `what is found is done, and what is not there is sent`() {
        var machine = Self.usual
        machine.resume([.init(name: "candidate", status: .sending)], searched: true)
        var found = machine
        found.done(0, id: "c1")
        #expect(found.next == .send(1) && found.steps[0].id == "c1")
        machine.missing(0)
        #expect(machine.next == .send(0))
    }

    @Test func `an essential step that cannot be looked for stops the call`() {
        var machine = SagaMachine([.init(name: "application", definition: 0, isEssential: true)])
        machine.resume([.init(name: "application", status: .sending)], searched: true)
        #expect(machine.next == .stop(0))
        var unresolved = Self.usual
        unresolved.resume([.init(name: "candidate", status: .unknown)], searched: true)
        unresolved.unresolved(0, Self.failure)
        #expect(unresolved.next == .stop(0))
    }

    @Test func `the candidate is looked for first, and once`() {
        var machine = SagaMachine(Self.usual.steps, needsSearch: true)
        #expect(machine.next == .search)
        machine.searched()
        machine.reused(0, id: "known")
        #expect(machine.next == .send(1))
        var again = SagaMachine(Self.usual.steps, needsSearch: true)
        again.resume([], searched: true)
        #expect(again.next == .send(0))
    }

    @Test func `the record of a state leads back to it`() throws {
        var machine = Self.settled(upTo: 2)
        machine.failed(2, Self.failure)
        machine.sends(3)
        let recorded = try #require(machine.recorded.array).compactMap(SagaMachine.Recorded.init)
        #expect(recorded.map(\.status) == [.done, .done, .failed, .sending, .waiting])
        #expect(recorded[1].id == "1")
        #expect(machine.summary.array?.count == 4)
        #expect(machine.summary.array?[2]["http_status"] == 422)
    }

    // MARK: Files that go along

    /// An application whose call may take the first two of three files; the third has a call of its own, the second none.
    private static var carrying: SagaMachine {
        SagaMachine([
            .init(name: "application", definition: 0, isEssential: true, canFind: true),
            .init(name: "attachments[0]", definition: 1, item: 0, isEssential: false, canFind: true, carrier: 0),
            .init(name: "attachments[1]", definition: -1, item: 1, isEssential: false, carrier: 0),
            .init(name: "attachments[2]", definition: 1, item: 2, isEssential: false, canFind: true),
        ])
    }

    private static func states(_ machine: SagaMachine) -> [String] { machine.steps.map(\.status.rawValue) }

    @Test(
        arguments: [
            ([0, 1], ["done", "done", "done", "waiting"], SagaMachine.Action.send(3)),
            ([1], ["done", "waiting", "done", "waiting"], .send(1)),
            // No call of its own: it is not sent.
            ([0], ["done", "done", "skipped", "waiting"], .send(3)),
            ([], ["done", "waiting", "skipped", "waiting"], .send(1)),
        ] as [(Set<Int>, [String], SagaMachine.Action)])
    func `files that a call holds are done with it, and others are sent`(
        held: Set<Int>, states: [String], next: SagaMachine.Action
    ) {
        var machine = Self.carrying
        machine.sends(0)
        machine.takesAlong(held, with: 0)
        machine.done(0, id: "a1")
        #expect(Self.states(machine) == states)
        #expect(machine.next == next)
    }

    @Test func `files of a call that was refused wait for it again`() {
        var machine = Self.carrying
        machine.sends(0)
        machine.takesAlong([0, 1], with: 0)
        machine.failed(0, Self.failure)
        #expect(Self.states(machine) == ["failed", "waiting", "waiting", "waiting"])
        #expect(machine.next == .stop(0))
        #expect(machine.summary.array?.count == 1)
    }

    /// What a repeat makes of the record that was kept while the call was on its way.
    @Test(
        arguments: [
            (true, [0, 1], ["done", "done", "done", "waiting"], SagaMachine.Action.send(3)),
            // The record says that the call did not hold it.
            (true, [1], ["done", "waiting", "done", "waiting"], .send(1)),
            (false, [0, 1], ["waiting", "waiting", "waiting", "waiting"], .send(0)),
        ] as [(Bool, Set<Int>, [String], SagaMachine.Action)])
    func `a repeat takes files for sent with the call that it finds`(
        isFound: Bool, held: Set<Int>, states: [String], next: SagaMachine.Action
    ) throws {
        var first = Self.carrying
        first.sends(0)
        first.takesAlong(held, with: 0)
        var machine = Self.carrying
        machine.resume(try #require(first.recorded.array).compactMap(SagaMachine.Recorded.init), searched: true)
        #expect(machine.next == .find(0))
        if isFound { machine.done(0, id: "a1") } else { machine.missing(0) }
        #expect(Self.states(machine) == states)
        #expect(machine.next == next)
    }

    @Test func `the summary says with what a file went`() {
        var machine = Self.carrying
        machine.takesAlong([0], with: 0)
        machine.done(0, id: "a1")
        machine.done(3, id: "f3")
        #expect(
            machine.summary == [
                ["name": "application", "status": "done", "id": "a1"],
                ["name": "attachments[0]", "status": "done", "with": "application"],
                ["name": "attachments[2]", "status": "done", "id": "f3"],
            ])
        var again = Self.carrying
        again.resume((machine.recorded.array ?? []).compactMap(SagaMachine.Recorded.init), searched: true)
        #expect(again.summary == machine.summary && again.isComplete)
    }
}
