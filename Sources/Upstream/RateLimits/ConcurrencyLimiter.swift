import Synchronization

/// Keeps no more calls of each account under way than its provider allows at a time, of our own accord.
///
/// A call that comes too early waits for another's end, in the order in which they came; one that waits for too long is
/// refused before anything is sent.
package final class ConcurrencyLimiter: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Calls {
        var underWay = 0
        var waiting: [Waiter] = []
    }

    private struct State {
        var accounts: [String: Calls] = [:]
        var lastID: UInt64 = 0
    }

    /// How often a call that waits for those of other nodes asks for them.
    private static let pause = Duration.milliseconds(100)

    private let state = Mutex(State())
    private let longestWait: Duration
    private let shared: SharedBuckets?
    private let lease: Duration
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - longestWait: what a call waits at most before it is refused instead.
    ///   - shared: what all nodes count in; without it, and while it does not respond, this process counts alone.
    ///   - lease: how long calls of a node that is gone still count.
    package init(longestWait: Duration = .seconds(2), shared: SharedBuckets? = nil, lease: Duration = .seconds(60)) {
        self.longestWait = longestWait
        self.shared = shared
        self.lease = lease
        start = clock.now
    }

    /// Waits until `account` may have one more call under way.
    ///
    /// - Parameters:
    ///   - account: whose calls count together.
    ///   - limit: the most calls at a time, at least 1.
    /// - Returns: the call's turn, to be ended once its response is here; nil where there was none in time.
    /// - Throws: `CancellationError`; the call does not count then.
    package func begin(_ account: String, limit: Int) async throws -> CallTurn? {
        // Nodes that know another limit, as while a deployment rolls, count apart.
        let name = "\(account) \(limit) at a time"
        let deadline = clock.now.advanced(by: longestWait)
        guard try await enter(name, limit) else { return nil }
        do {
            while let shared {
                switch await shared.begin(name, limit: limit, lease: lease, at: start.duration(to: clock.now)) {
                case .begun(let call):
                    return CallTurn {
                        call.end()
                        self.leave(name)
                    }
                case .full:
                    guard clock.now < deadline else {
                        leave(name)
                        return nil
                    }
                    try await clock.sleep(for: Self.pause)
                case .storeIsAway: return CallTurn { self.leave(name) }
                }
            }
        } catch {
            leave(name)
            throw error
        }
        return CallTurn { self.leave(name) }
    }

    /// Whether there was room among the calls of this process in time.
    private func enter(_ name: String, _ limit: Int) async throws -> Bool {
        let id: UInt64? = state.withLock { state in
            // Where there is room nobody waits: who leaves lets the next one in.
            if state.accounts[name, default: Calls()].underWay < limit {
                state.accounts[name, default: Calls()].underWay += 1
                return nil
            }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return true }
        let timer = Task { [longestWait] in
            if (try? await Task.sleep(for: longestWait)) != nil { self.giveUp(name, id) }
        }
        defer { timer.cancel() }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(Waiter(id: id, continuation: $0), name, limit) }
        } onCancel: {
            giveUp(name, id)
        }
        if isIn, Task.isCancelled { leave(name) }
        try Task.checkCancellation()
        return isIn
    }

    private func wait(_ waiter: Waiter, _ name: String, _ limit: Int) {
        let isIn: Bool? = state.withLock { state in
            // Who was cancelled before this would not be found.
            if Task.isCancelled || longestWait <= .zero { return false }
            guard state.accounts[name, default: Calls()].underWay >= limit else {
                state.accounts[name, default: Calls()].underWay += 1
                return true
            }
            state.accounts[name]?.waiting.append(waiter)
            return nil
        }
        if let isIn { waiter.continuation.resume(returning: isIn) }
    }

    private func giveUp(_ name: String, _ id: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let at = state.accounts[name]?.waiting.firstIndex(where: { $0.id == id }) else { return nil }
            return state.accounts[name]?.waiting.remove(at: at)
        }
        waiter?.continuation.resume(returning: false)
    }

    /// Lets the next one in, who takes the place.
    private func leave(_ name: String) {
        let next = state.withLock { state -> Waiter? in
            guard var calls = state.accounts[name] else { return nil }
            let next = calls.waiting.isEmpty ? nil : calls.waiting.removeFirst()
            if next == nil { calls.underWay -= 1 }
            state.accounts[name] = calls.underWay > 0 ? calls : nil
            return next
        }
        next?.continuation.resume(returning: true)
    }

    /// Accounts that are remembered, for tests.
    var accountCount: Int { state.withLock { $0.accounts.count } }
    /// Calls of an account that wait, for tests.
    func waitingCount(_ account: String) -> Int {
        state.withLock { state in
            state.accounts.filter { $0.key.hasPrefix(account + " ") }.reduce(0) { $0 + $1.value.waiting.count }
        }
    }
}

/// One call's place among those under way; it ends when told to, or with the last reference to it.
package final class CallTurn: Sendable {
    private let onEnd: Mutex<(@Sendable () -> Void)?>

    package init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = Mutex(onEnd) }

    /// Doing it again changes nothing.
    package func end() { onEnd.withLock { $0.take() }?() }

    deinit { end() }
}
