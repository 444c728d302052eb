import Testing

@testable import Accounts

/// What is kept of a call that its caller named by a key.
@Suite struct IdempotencyMachineTests {
    typealias Ending = IdempotencyMachine.Ending

    @Test(arguments: [
        (Ending.answered, true, IdempotencyMachine.Action.keepResponse, IdempotencyMachine.State.done),
        (.answered, false, .forget, .forgotten),
        (.refused, true, .forget, .forgotten),
        (.refused, false, .forget, .forgotten),
        (.uncertain, true, .leaveUnknown, .unknown),
        (.uncertain, false, .forget, .forgotten),
    ])
    func `after sending, what is kept depends on how it ended and whether the body was whole`(
        ending: Ending, isWhole: Bool, action: IdempotencyMachine.Action, state: IdempotencyMachine.State
    ) {
        var machine = IdempotencyMachine()
        let first = machine.sends()
        let second = machine.sends()
        #expect(first && !second, "only the first request is noted")
        let taken = machine.ended(ending, bodyIsWhole: isWhole)
        #expect(taken == action)
        #expect(machine.state == state)
    }

    @Test(arguments: [Ending.answered, .refused, .uncertain], [true, false])
    func `nothing is kept of a call that sent nothing`(ending: Ending, isWhole: Bool) {
        var machine = IdempotencyMachine()
        let taken = machine.ended(ending, bodyIsWhole: isWhole)
        #expect(taken == .forget)
        #expect(machine.state == .forgotten)
    }

    @Test(
        arguments: [
            ("abc", "abc"), (#""abc""#, "abc"), (#""a\"b\\c""#, #"a"b\c"#), ("a b", "a b"),
            (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
            ("", nil), (#""""#, nil), (#""a\""#, nil), ("é", nil), ("a\u{7f}", nil), (String(repeating: "k", count: 256), nil),
        ] as [(String, String?)])
    func `a key is a structured string or bare printable ASCII`(field: String, key: String?) {
        #expect(IdempotencyKey(field)?.text == key)
    }

    @Test func `a key belongs to account, method and path`() throws {
        let key = try #require(IdempotencyKey("k"))
        let names = [
            key.name(account: "a", method: "POST", path: "/p"), key.name(account: "b", method: "POST", path: "/p"),
            key.name(account: "a", method: "PATCH", path: "/p"), key.name(account: "a", method: "POST", path: "/q"),
            try #require(IdempotencyKey("l")).name(account: "a", method: "POST", path: "/p"),
        ]
        #expect(Set(names).count == names.count)
    }
}
