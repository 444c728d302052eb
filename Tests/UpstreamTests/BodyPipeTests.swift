import NIOCore
import Testing

@testable import Upstream

@Suite struct BodyPipeStateTests {
    typealias Machine = BodyPipe.StateMachine<Int>

    static func chunk(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 7, count: count) }

    @Test func `it is full at its capacity and has room again at half of it`() {
        var machine = Machine(capacity: 10)
        #expect(machine.offer(Self.chunk(4)) == .taken(nil, false))
        #expect(machine.offer(Self.chunk(6)) == .taken(nil, true))
        #expect(machine.parkWriter(1) == .parked)
        #expect(machine.poll() == .chunk(4, wake: nil, hasRoom: false))
        #expect(machine.poll() == .chunk(6, wake: 1, hasRoom: true))
        #expect(machine.poll() == .empty)
        #expect(machine.bytes == 0)
    }

    @Test func `an empty chunk is nothing`() {
        var machine = Machine(capacity: 10)
        _ = machine.parkReader(1)
        #expect(machine.offer(Self.chunk(0)) == .taken(nil, false))
        #expect(machine.unparkReader() == 1)
    }

    @Test func `a waiting reader is woken by a chunk, an end, a failure`() {
        for event in 0..<3 {
            var machine = Machine(capacity: 10)
            #expect(machine.parkReader(5) == .parked)
            switch event {
            case 0: #expect(machine.offer(Self.chunk(1)) == .taken(5, false))
            case 1: #expect(machine.finish() == 5)
            default: #expect(machine.fail(Boom()) == [5])
            }
        }
    }

    @Test func `the end comes after what was written, a failure before it`() {
        var ended = Machine(capacity: 10)
        _ = ended.offer(Self.chunk(3))
        _ = ended.finish()
        #expect(ended.poll() == .chunk(3, wake: nil, hasRoom: false))
        #expect(ended.poll() == .end)
        #expect(ended.offer(Self.chunk(1)) == .refused)

        var failed = Machine(capacity: 10)
        _ = failed.offer(Self.chunk(3))
        _ = failed.fail(Boom())
        #expect(failed.poll() == .failed)
        #expect(failed.bytes == 0)
    }

    @Test func `a reader that leaves wakes the writer and refuses all further chunks`() {
        var machine = Machine(capacity: 1)
        _ = machine.offer(Self.chunk(5))
        _ = machine.parkWriter(9)
        #expect(machine.abandon(Boom()) == [9])
        #expect(machine.offer(Self.chunk(1)) == .refused)
        #expect(machine.parkWriter(9) == .failed)
        #expect(machine.abandon(Boom()).isEmpty)
        #expect(machine.fail(Boom()).isEmpty)
        #expect(machine.finish() == nil)
    }

    @Test func `nobody waits for what is there already`() {
        var machine = Machine(capacity: 10)
        #expect(machine.parkWriter(1) == .ready)
        _ = machine.offer(Self.chunk(1))
        #expect(machine.parkReader(2) == .ready)
    }

    @Test func `a second writer or reader gets an error`() {
        var machine = Machine(capacity: 1)
        _ = machine.parkReader(1)
        #expect(machine.parkReader(2) == .failed)
        _ = machine.offer(Self.chunk(2))
        _ = machine.parkWriter(3)
        #expect(machine.parkWriter(4) == .failed)
    }
}

@Suite struct BodyPipeTests {
    @Test func `all bytes arrive in order through a small pipe`() async throws {
        let pipe = BodyPipe(capacity: 10)
        let received = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for index in 0..<1000 { try await pipe.write(ByteBuffer(integer: UInt32(index))) }
                pipe.finish()
            }
            var all = ByteBuffer()
            while var chunk = try await pipe.next() { all.writeBuffer(&chunk) }
            return all
        }
        var expected = ByteBuffer()
        for index in 0..<1000 { expected.writeInteger(UInt32(index)) }
        #expect(received == expected)
    }

    @Test func `a writer is told at once that the reader left`() async throws {
        let pipe = BodyPipe(capacity: 1)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    while true { try await pipe.write(ByteBuffer(string: "abc")) }
                } catch { return error is Boom }
            }
            _ = try? await pipe.next()
            pipe.abandon(Boom())
            #expect(await group.next() == true)
        }
    }

    @Test func `cancelling ends a waiting writer and a waiting reader`() async throws {
        for _ in 0..<200 {
            let full = BodyPipe(capacity: 1)
            let empty = BodyPipe(capacity: 1)
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do { while true { try await full.write(ByteBuffer(string: "x")) } } catch { return error is CancellationError }
                }
                group.addTask { do { _ = try await empty.next(); return false } catch { return error is CancellationError } }
                await Task.yield()
                group.cancelAll()
                for await cancelled in group { #expect(cancelled) }
            }
        }
    }

    @Test func `a callback reader is called once`() throws {
        let pipe = BodyPipe(capacity: 10)
        let (stream, calls) = AsyncStream.makeStream(of: Void.self)
        _ = stream
        pipe.onReadable { calls.yield() }
        try pipe.push(ByteBuffer(string: "a"))
        try pipe.push(ByteBuffer(string: "b"))
        guard case .chunk = pipe.poll(), case .chunk = pipe.poll(), case .empty = pipe.poll() else {
            Issue.record("expected two chunks")
            return
        }
    }

    @Test func `a writer hears what the reader left with, and not the cancellation that came of it`() async throws {
        let pipe = BodyPipe(capacity: 10)
        let writer = Task {
            // Within the push, after the chunk was taken.
            pipe.onReadable {
                pipe.abandon(BodyPipeClosed(reason: "answered"))
                withUnsafeCurrentTask { $0?.cancel() }
            }
            try await pipe.write(ByteBuffer(string: "a"))
        }
        await #expect(throws: BodyPipeClosed(reason: "answered")) { try await writer.value }
    }
}

struct Boom: Error {}

// Comparable forms of the machine's responses.
extension BodyPipe.StateMachine.Offer where Waiter == Int {
    enum Shape: Equatable { case taken(Int?, Bool), refused }
    static func == (lhs: Self, rhs: Shape) -> Bool {
        switch lhs {
        case .taken(let wake, let isFull): rhs == .taken(wake, isFull)
        case .refused: rhs == .refused
        }
    }
}

extension BodyPipe.StateMachine.Poll where Waiter == Int {
    enum Shape: Equatable { case chunk(Int, wake: Int?, hasRoom: Bool), empty, end, failed }
    static func == (lhs: Self, rhs: Shape) -> Bool {
        switch lhs {
        case .chunk(let chunk, let wake, let hasRoom): rhs == .chunk(chunk.readableBytes, wake: wake, hasRoom: hasRoom)
        case .empty: rhs == .empty
        case .end: rhs == .end
        case .failed: rhs == .failed
        }
    }
}

extension BodyPipe.StateMachine.Park {
    enum Shape: Equatable { case parked, ready, failed }
    static func == (lhs: Self, rhs: Shape) -> Bool {
        switch lhs {
        case .parked: rhs == .parked
        case .ready: rhs == .ready
        case .failed: rhs == .failed
        }
    }
}
