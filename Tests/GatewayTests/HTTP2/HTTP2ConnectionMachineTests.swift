import NIOHTTP2
import Testing

@testable import Gateway

@Suite struct HTTP2ConnectionMachineTests {
    private func carrying(_ streams: HTTP2StreamID...) -> HTTP2ConnectionMachine {
        var machine = HTTP2ConnectionMachine()
        for stream in streams { machine.opened(stream) }
        return machine
    }

    @Test func `a connection is idle once its last stream has ended, and ends when that lasts`() {
        var machine = carrying(1, 3)
        #expect(machine.closed() == .nothing)
        #expect(machine.closed() == .idle)
        #expect(machine.idled() == .close)
        #expect(machine.idled() == .nothing)
    }

    @Test func `the timer of an idle connection does nothing to one that is at work again`() {
        var machine = carrying(1)
        #expect(machine.closed() == .idle)
        machine.opened(3)
        #expect(machine.idled() == .nothing)
    }

    @Test func `going down asks once whether the client has seen it, and closes an idle connection then`() {
        var machine = carrying()
        #expect(machine.quiesce() == .ask)
        #expect(machine.quiesce() == .nothing)
        #expect(machine.seen() == .close)
        #expect(machine.seen() == .nothing)
    }

    @Test func `going down waits for streams, also for those that crossed the message`() {
        var machine = carrying(1)
        #expect(machine.quiesce() == .ask)
        machine.opened(3)
        #expect(machine.closed() == .nothing)
        #expect(machine.seen() == .nothing)
        #expect(machine.closed() == .close)
        #expect(machine.lastStream == 3)
    }

    @Test func `streams that end before the client has seen it do not end the connection`() {
        var machine = carrying(1)
        #expect(machine.quiesce() == .ask)
        #expect(machine.closed() == .idle)
        #expect(machine.seen() == .close)
    }

    @Test func `a sign that nobody asked for means nothing`() {
        var machine = carrying()
        #expect(machine.seen() == .nothing)
    }

    @Test func `the last stream is the newest one`() {
        #expect(carrying(1, 5, 3).lastStream == 5)
        #expect(carrying().lastStream == .rootStream)
    }
}
