import NIOCore
import Synchronization

/// Idle connections, kept a while for the next call to the same origin.
///
/// Membership is ownership: whoever takes a connection out of the list may use or close it, nobody else.
final class ConnectionPool: Sendable {
    private struct Idle {
        let connection: Connection
        let expiry: Scheduled<Void>
    }

    private struct State {
        var idle: [TargetURL.Origin: [Idle]] = [:]
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

    /// The most recently used connection that is still open.
    func take(_ origin: TargetURL.Origin) -> Connection? {
        while let idle = state.withLock({ $0.idle[origin]?.popLast() }) {
            idle.expiry.cancel()
            if idle.connection.channel.isActive { return idle.connection }
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
        let all = state.withLock { state in
            defer { state = State(idle: [:], isShut: true) }
            return state.idle.values.joined().map(\.self)
        }
        for idle in all {
            idle.expiry.cancel()
            idle.connection.channel.close(promise: nil)
        }
    }

    private func put(_ connection: Connection) {
        let expiry = connection.eventLoop.scheduleTask(in: keepFor) { [weak self] in
            if self?.remove(connection) == true { connection.channel.close(promise: nil) }
        }
        let kept = state.withLock { state in
            guard !state.isShut, state.idle[connection.origin, default: []].count < keepAtMost else { return false }
            state.idle[connection.origin, default: []].append(Idle(connection: connection, expiry: expiry))
            return true
        }
        if !kept {
            expiry.cancel()
            connection.channel.close(promise: nil)
        }
    }

    /// - Returns: whether the connection was idle here.
    @discardableResult
    private func remove(_ connection: Connection) -> Bool {
        let idle = state.withLock { state -> Idle? in
            guard let index = state.idle[connection.origin]?.firstIndex(where: { $0.connection === connection }) else {
                return nil
            }
            let idle = state.idle[connection.origin]?.remove(at: index)
            if state.idle[connection.origin]?.isEmpty == true { state.idle[connection.origin] = nil }
            return idle
        }
        idle?.expiry.cancel()
        return idle != nil
    }

    /// Idle connections, for tests and metrics.
    var idleCount: Int { state.withLock { $0.idle.values.reduce(0) { $0 + $1.count } } }
}
