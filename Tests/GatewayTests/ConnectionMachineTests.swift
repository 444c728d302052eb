import Testing

@testable import Gateway

@Suite struct ConnectionMachineTests {
    private typealias Step = ConnectionMachine.Step

    private func answering(keepsAlive: Bool = true, isWhole: Bool = true) -> ConnectionMachine {
        var machine = ConnectionMachine()
        machine.begin(keepsAlive: keepsAlive)
        if isWhole { #expect(machine.requestEnded() == .nothing) }
        return machine
    }

    @Test func `the next request is taken when one has come whole and is answered`() {
        var machine = answering()
        #expect(!machine.mayBegin)
        #expect(machine.answered(closes: false) == .next)
        #expect(machine.mayBegin)
    }

    @Test(arguments: [(true, true), (false, true), (false, false)])
    func `a connection ends with the response where either side wants that`(keepsAlive: Bool, closes: Bool) {
        var machine = answering(keepsAlive: keepsAlive)
        #expect(machine.answered(closes: closes) == .close)
        #expect(!machine.mayBegin)
    }

    @Test func `the rest of an answered request is let by before the next is taken`() {
        var machine = answering(isWhole: false)
        #expect(machine.answered(closes: false) == .letBy(thenClose: false))
        #expect(!machine.mayBegin)
        #expect(machine.requestEnded() == .next)
    }

    @Test func `the rest of an answered request is let by before the connection ends`() {
        var machine = answering(isWhole: false)
        #expect(machine.answered(closes: true) == .letBy(thenClose: true))
        #expect(machine.requestEnded() == .close)
    }

    @Test func `who sends no more gets the response, and no other request is expected`() {
        var machine = answering()
        #expect(machine.inputEnded() == .nothing)
        #expect(machine.answered(closes: false) == .close)
        var idle = ConnectionMachine()
        #expect(idle.inputEnded() == .close)
    }

    @Test func `going down ends idle connections at once, others with their response`() {
        var idle = ConnectionMachine()
        #expect(idle.quiesce() == .close)
        var busy = answering(isWhole: false)
        #expect(busy.quiesce() == .nothing)
        #expect(busy.requestEnded() == .nothing)
        #expect(busy.answered(closes: false) == .close)
    }
}
