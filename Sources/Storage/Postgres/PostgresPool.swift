import Foundation

/// A few threads, each with a connection of its own, that take work in the order in which it comes.
///
/// libpq blocks its thread. On threads of our own that never stops the ones that run tasks.
///
/// `@unchecked Sendable`: everything mutable is read and written only while `condition` is locked.
final class PostgresPool: @unchecked Sendable {
    typealias Work = @Sendable (PostgresSlot) -> Void

    private let condition = NSCondition()
    private var waiting: ArraySlice<Work> = []
    private var threads = 0
    private var idle = 0
    private var isClosed = false

    private let url: String
    private let libpq: LibPQ
    private let size: Int

    init(url: String, _ libpq: LibPQ, size: Int) {
        self.url = url
        self.libpq = libpq
        self.size = max(1, size)
    }

    /// Has `work` done by the next thread that is free; false after `close`.
    func submit(_ work: @escaping Work) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        waiting.append(work)
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
        let slot = PostgresSlot(url: url, libpq)
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
        return waiting.popFirst()
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
    private var connection: PostgresConnection?

    init(url: String, _ libpq: LibPQ) {
        self.url = url
        self.libpq = libpq
    }

    /// The connection, made when there is none, for which the server is given until `deadline`.
    func connected(until deadline: ContinuousClock.Instant) throws(PostgresFailure) -> PostgresConnection {
        if let connection { return connection }
        var pause = 0.02
        while true {
            do {
                let made = try PostgresConnection(url: url, libpq)
                connection = made
                return made
            } catch {
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
