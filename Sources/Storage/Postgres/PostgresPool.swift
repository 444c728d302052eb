import Foundation

/// A few threads, each with a connection of its own, that take work in the order in which it comes.
///
/// libpq blocks its thread. On threads of our own that never stops the ones that run tasks.
///
/// `@unchecked Sendable`: everything mutable is read and written only while `condition` is locked.
final class PostgresPool: @unchecked Sendable {
    /// Done with a thread's slot; with nil where it has waited for one until its deadline, while the server was not there.
    typealias Work = @Sendable (PostgresSlot?) -> Void

    private struct Waiting {
        var deadline: ContinuousClock.Instant
        var work: Work
    }

    private let condition = NSCondition()
    private var waiting: ArraySlice<Waiting> = []
    private var threads = 0
    private var idle = 0
    private var isClosed = false
    private var connects = false

    private let url: String
    private let libpq: LibPQ
    private let size: Int

    init(url: String, _ libpq: LibPQ, size: Int) {
        self.url = url
        self.libpq = libpq
        self.size = max(1, size)
    }

    /// Whether the server has been there at all.
    var hasConnected: Bool {
        condition.lock()
        defer { condition.unlock() }
        return connects
    }

    /// Has `work` done by the next thread that is free; false after `close`.
    ///
    /// - Parameter deadline: until when it waits for a server that is not there.
    func submit(until deadline: ContinuousClock.Instant, _ work: @escaping Work) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        waiting.append(Waiting(deadline: deadline, work: work))
        if idle >= waiting.count || threads == size {
            condition.signal()
        } else {
            threads += 1
            let thread = Thread { [self] in serve() }
            thread.name = "postgres"
            thread.start()
        }
        return true
    }

    private func serve() {
        let slot = PostgresSlot(url: url, libpq) { [self] in connected($0) }
        while let work = next() { work(slot) }
        slot.disconnect()
        condition.lock()
        threads -= 1
        condition.broadcast()
        condition.unlock()
    }

    /// Nil once the pool is closed and nothing is left to do.
    private func next() -> Work? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if isClosed { return nil }
            idle += 1
            condition.wait()
            idle -= 1
        }
        return waiting.popFirst()?.work
    }

    /// A thread has made a connection, or could not.
    ///
    /// Where it could not, the others most likely wait for the server as well: what stands behind them must not wait for all
    /// of their patience first.
    private func connected(_ isMade: Bool) {
        condition.lock()
        if isMade { connects = true }
        let now = ContinuousClock.now
        let late = isMade ? [] : waiting.filter { $0.deadline <= now }
        if !late.isEmpty { waiting.removeAll { $0.deadline <= now } }
        condition.unlock()
        for each in late { each.work(nil) }
    }

    /// Lets what was taken in end, then ends all connections.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
        while threads > 0 { condition.wait() }
    }
}

/// A thread's place for its connection.
final class PostgresSlot {
    private let url: String
    private let libpq: LibPQ
    private let onAttempt: (_ isMade: Bool) -> Void
    private var connection: PostgresConnection?

    /// - Parameter onAttempt: called after each attempt to connect.
    init(url: String, _ libpq: LibPQ, onAttempt: @escaping (_ isMade: Bool) -> Void = { _ in }) {
        self.url = url
        self.libpq = libpq
        self.onAttempt = onAttempt
    }

    /// The connection, made when there is none, for which the server is given until `deadline`.
    func connected(until deadline: ContinuousClock.Instant) throws(PostgresFailure) -> PostgresConnection {
        if let connection { return connection }
        var pause = 0.02
        while true {
            do {
                let made = try PostgresConnection(url: url, libpq)
                connection = made
                onAttempt(true)
                return made
            } catch {
                onAttempt(false)
                // A server that starts again refuses for a moment.
                guard error.kind == .connectionLost, ContinuousClock.now + .seconds(pause) < deadline
                else { throw error }
                Thread.sleep(forTimeInterval: pause)
                pause = min(pause * 2, 0.5)
            }
        }
    }

    func disconnect() { connection = nil }
}
