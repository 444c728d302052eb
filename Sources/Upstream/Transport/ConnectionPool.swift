import NIOCore
import Synchronization

/// Idle connections, kept a while for the next call to the same origin.
///
/// Membership is ownership: whoever takes a connection out of the list may use or close it, nobody else.
final class ConnectionPool: Sendable {
    fileprivate struct Idle {
        let connection: Connection
        let expiry: NIODeadline
    }

    fileprivate struct State {
        var idle: [TargetURL.Origin: [Idle]] = [:]
        /// Closes what has expired; at most one is scheduled, whatever the number of connections.
        var sweep: Scheduled<Void>?
        var isShut = false
    }

    private let state = Mutex(State())
    private let keepFor: TimeAmount
    private let keepAtMost: Int

    /// - Parameters:
    ///   - keepFor: short, as a server that closes an idle connection just when it is used leaves the outcome unknown.
    ///   - keepAtMost: idle connections per origin.
    init(keepFor: TimeAmount, keepAtMost: Int) {
        self.keepFor = keepFor
        self.keepAtMost = keepAtMost
    }

    /// The most recently used connection that is still open, best of `eventLoop`, else of any: to wake another thread
    /// costs less than to connect.
    func take(_ origin: TargetURL.Origin, preferring eventLoop: any EventLoop) -> Connection? {
        while let connection = state.withLock({ $0.take(origin, preferring: eventLoop) }) {
            if connection.channel.isActive { return connection }
        }
        return nil
    }

    /// Looks after a new connection: it comes back here after each exchange. Call on its event loop.
    func adopt(_ connection: Connection) {
        // The handler keeps its connection alive this way until the channel is closed and lets go of its handlers.
        connection.whenReleased { [weak self] reusable in
            guard let self else { return connection.channel.close(promise: nil) }
            if reusable { self.put(connection) } else { self.remove(connection) }
        }
    }

    func shutdown() {
        let last = state.withLock { state in
            defer { state = State(isShut: true) }
            return state
        }
        last.sweep?.cancel()
        for idle in last.idle.values.joined() { idle.connection.channel.close(promise: nil) }
    }

    /// Closes the connections that are idle now. Those at work come back.
    func empty() {
        let idle = state.withLock { state in
            defer { state.idle = [:] }
            return state.idle
        }
        for idle in idle.values.joined() { idle.connection.channel.close(promise: nil) }
    }

    private func put(_ connection: Connection) {
        let expiry = NIODeadline.now() + keepFor
        let kept = state.withLock { state in
            guard !state.isShut, state.idle[connection.origin, default: []].count < keepAtMost else { return false }
            state.idle[connection.origin, default: []].append(Idle(connection: connection, expiry: expiry))
            if state.sweep == nil { state.sweep = scheduleSweep(at: expiry, on: connection.eventLoop) }
            return true
        }
        if !kept { connection.channel.close(promise: nil) }
    }

    private func remove(_ connection: Connection) {
        state.withLock { state in
            guard let index = state.idle[connection.origin]?.firstIndex(where: { $0.connection === connection }) else {
                return
            }
            state.remove(index, of: connection.origin)
        }
    }

    // MARK: Expiry

    private func scheduleSweep(at time: NIODeadline, on eventLoop: any EventLoop) -> Scheduled<Void> {
        eventLoop.scheduleTask(deadline: time) { [weak self] in self?.sweep(on: eventLoop) }
    }

    private func sweep(on eventLoop: any EventLoop) {
        let expired = state.withLock { state -> [Connection] in
            state.sweep = nil
            guard !state.isShut else { return [] }
            let expired = state.takeExpired(at: .now())
            if let next = state.idle.values.joined().map(\.expiry).min() {
                state.sweep = scheduleSweep(at: next, on: eventLoop)
            }
            return expired
        }
        for connection in expired { connection.channel.close(promise: nil) }
    }

    /// Idle connections, for tests and metrics.
    var idleCount: Int { state.withLock { $0.idle.values.reduce(0) { $0 + $1.count } } }
}

extension ConnectionPool.State {
    fileprivate mutating func take(_ origin: TargetURL.Origin, preferring eventLoop: any EventLoop) -> Connection? {
        guard let last = idle[origin]?.indices.last else { return nil }
        let near = idle[origin]?.lastIndex { $0.connection.eventLoop === eventLoop }
        return remove(near ?? last, of: origin)
    }

    @discardableResult
    fileprivate mutating func remove(_ index: Int, of origin: TargetURL.Origin) -> Connection? {
        let removed = idle[origin]?.remove(at: index)
        if idle[origin]?.isEmpty == true { idle[origin] = nil }
        return removed?.connection
    }

    fileprivate mutating func takeExpired(at now: NIODeadline) -> [Connection] {
        var expired: [Connection] = []
        for (origin, list) in idle {
            let kept = list.filter { $0.expiry > now }
            guard kept.count < list.count else { continue }
            expired += list.filter { $0.expiry <= now }.map(\.connection)
            idle[origin] = kept.isEmpty ? nil : kept
        }
        return expired
    }
}
