import Testing

@testable import Accounts

@Suite struct RefreshMachineTests {
    private typealias Machine = RefreshMachine
    private static let failure = OAuthFailure("invalid_grant", "used")

    private static func snapshot(_ version: Int64, left: Int64? = nil, canRefresh: Bool = true) -> Machine.Event {
        .read(Machine.Snapshot(version: version, secondsLeft: left, canRefresh: canRefresh))
    }

    /// Event by event, and the action that must follow each.
    private func play(_ need: Machine.RefreshReason, _ steps: [(Machine.Event, Machine.Action)]) {
        var machine = Machine(need: need)
        #expect(machine.start == .read)
        for (at, (event, action)) in steps.enumerated() { #expect(machine.next(event) == action, "step \(at)") }
    }

    @Test(arguments: [
        (Machine.RefreshReason.endsWithin(30), Int64(1), Int64?(31)), (.endsWithin(30), 1, nil), (.refused(version: 1), 2, 0),
        (.newerThan(version: 4), 5, 0),
    ]) func `what is fresh is left alone`(need: RefreshMachine.RefreshReason, version: Int64, left: Int64?) {
        play(need, [(Self.snapshot(version, left: left), .finish(.fresh))])
    }

    @Test func `the holder reads again before it calls`() {
        play(
            .refused(version: 1),
            [
                (Self.snapshot(1), .acquire), (.acquired(true), .read), (Self.snapshot(2), .finish(.fresh)),
            ])
        play(
            .endsWithin(30),
            [
                (Self.snapshot(1, left: 30), .acquire), (.acquired(true), .read), (Self.snapshot(1, left: 30), .call),
                (.answered(.tokens), .store(ifVersion: 1)), (.stored(true), .finish(.refreshed)),
            ])
    }

    @Test func `who does not hold it waits, longer each time, and looks again`() {
        play(
            .refused(version: 1),
            [
                (Self.snapshot(1), .acquire), (.acquired(false), .wait(milliseconds: 50)), (.waited, .read),
                (Self.snapshot(1), .acquire), (.acquired(false), .wait(milliseconds: 100)), (.waited, .read),
                (Self.snapshot(2), .finish(.fresh)),
            ])
    }

    @Test func `tokens are stored for as long as it takes`() {
        var steps: [(Machine.Event, Machine.Action)] = [
            (Self.snapshot(1), .acquire), (.acquired(true), .read), (Self.snapshot(1), .call),
            (.answered(.tokens), .store(ifVersion: 1)),
        ]
        for pause in [100, 200, 400, 800, 1600] + Array(repeating: 2000, count: 100) {
            steps += [(.storeFailed, .wait(milliseconds: pause)), (.waited, .store(ifVersion: 1))]
        }
        play(.refused(version: 1), steps + [(.stored(true), .finish(.refreshed))])
    }

    @Test(arguments: [(Int64(1), true), (2, false)])
    func `death is declared only of the credentials that were refused`(version: Int64, isDead: Bool) {
        let begin: [(Machine.Event, Machine.Action)] = [
            (Self.snapshot(1), .acquire), (.acquired(true), .read), (Self.snapshot(1), .call),
            (.answered(.dead(Self.failure)), .read),
        ]
        play(
            .refused(version: 1),
            begin
                + (isDead
                    ? [(Self.snapshot(1), .bury(Self.failure, ifVersion: 1)), (.buried(true), .finish(.dead(Self.failure)))]
                    : [(Self.snapshot(version), .finish(.fresh))]))
    }

    @Test func `silence is met three times, a refusal once`() {
        let silent = OAuthFailure("no_answer", "")
        let begin: [(Machine.Event, Machine.Action)] = [
            (Self.snapshot(1), .acquire), (.acquired(true), .read), (Self.snapshot(1), .call),
        ]
        play(
            .refused(version: 1),
            begin + [
                (.answered(.noResponse(silent)), .wait(milliseconds: 200)), (.waited, .call),
                (.answered(.noResponse(silent)), .wait(milliseconds: 400)), (.waited, .call),
                (.answered(.noResponse(silent)), .finish(.failed(silent))),
            ])
        play(.refused(version: 1), begin + [(.answered(.refused(Self.failure)), .finish(.failed(Self.failure)))])
    }

    @Test func `what cannot be refreshed is not called for`() {
        play(.refused(version: 1), [(Self.snapshot(1, canRefresh: false), .finish(.cannot))])
    }
}
