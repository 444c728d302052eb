import Synchronization

/// Keeps the calls of each account below the limits of its provider, of our own accord.
///
/// A call that is a little early waits; one that is much too early is refused before anything is sent.
public final class CallLimiter: Sendable {
    /// What to do with a call.
    public enum Verdict: Sendable, Hashable {
        /// Counted; make it after so long.
        case go(after: Duration)
        /// Not counted; worth another try in so many seconds, at least 1. `rule` is the index of the one that is in the way.
        case refused(retryAfter: Int, rule: Int)
    }

    private struct State {
        var buckets: [String: [CallBucket]] = [:]
        var sweepAt = 1024
    }

    private let state = Mutex(State())
    private let longestWait: Duration
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// - Parameter longestWait: what a call waits at most before it is refused instead.
    public init(longestWait: Duration = .seconds(2)) {
        self.longestWait = longestWait
        start = clock.now
    }

    /// Waits until `account` may make one more call.
    ///
    /// - Parameters:
    ///   - account: whose calls count together.
    ///   - rules: all hold. Other rules than at the account's last call start over.
    ///   - timeLeft: until the call's deadline; nil without one.
    /// - Returns: nil when the call may be made now; else the seconds for a `Retry-After`, and the index of the rule.
    /// - Throws: `CancellationError`; the call is not counted then.
    public func pass(
        _ account: String, _ rules: [CallBucket.Rule], timeLeft: Duration? = nil
    ) async throws -> (retryAfter: Int, rule: Int)? {
        switch admit(account, rules, at: start.duration(to: clock.now), timeLeft: timeLeft) {
        case .refused(let seconds, let rule): return (seconds, rule)
        case .go(.zero): return nil
        case .go(let wait):
            do {
                try await clock.sleep(for: wait)
            } catch {
                release(account, rules)
                throw error
            }
            return nil
        }
    }

    /// Decides on a call at `now`, on a clock that only goes forward.
    func admit(_ account: String, _ rules: [CallBucket.Rule], at now: Duration, timeLeft: Duration?) -> Verdict {
        guard !rules.isEmpty else { return .go(after: .zero) }
        return state.withLock { state in
            var buckets = state.buckets[account] ?? []
            if buckets.map(\.rule) != rules { buckets = rules.map { CallBucket($0) } }
            let (rule, wait) = buckets.map { $0.wait(at: now) }.enumerated().max { $0.1 < $1.1 } ?? (0, .zero)
            // Nothing is counted for a refused call: a caller that insists does not push the moment away.
            let isInTime = wait == .zero || timeLeft.map { wait < $0 } ?? true
            guard wait <= longestWait, isInTime else {
                return .refused(retryAfter: wait.wholeSecondsUp, rule: rule)
            }
            for index in buckets.indices { buckets[index].reserve(at: now) }
            state.buckets[account] = buckets
            if state.buckets.count > state.sweepAt {
                // A full bucket is as good as none.
                state.buckets = state.buckets.filter { $0.value.contains { $0.fullAt > now } }
                state.sweepAt = max(1024, state.buckets.count * 2)
            }
            return .go(after: wait)
        }
    }

    private func release(_ account: String, _ rules: [CallBucket.Rule]) {
        state.withLock { state in
            guard let buckets = state.buckets[account], buckets.map(\.rule) == rules else { return }
            for index in buckets.indices { state.buckets[account]?[index].release() }
        }
    }

    /// Accounts that are remembered, for tests and metrics.
    var accountCount: Int { state.withLock { $0.buckets.count } }
}

extension Duration {
    /// Seconds, rounded up, at least 1.
    fileprivate var wholeSecondsUp: Int {
        let (seconds, attoseconds) = components
        return max(Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0), 1)
    }
}
