import Synchronization

/// Keeps the calls of each account below the limits of its provider, of our own accord.
///
/// A call that is a little early waits; one that is much too early is refused before anything is sent.
public final class CallLimiter: Sendable {
    /// What to do with a call.
    public enum Verdict: Sendable, Hashable {
        /// Counted; make it after so long.
        case go(after: Duration)
        /// Not counted; it would have had to wait so long. `rule` is the index of the one that is in the way.
        case refused(wait: Duration, rule: Int)
    }

    private struct State {
        var accounts: [String: CallBuckets] = [:]
        var sweepAt = 1024
    }

    private let state = Mutex(State())
    private let longestWait: Duration
    private let shared: SharedBuckets?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - longestWait: what a call waits at most before it is refused instead.
    ///   - shared: the buckets of all nodes; without them, and while they do not answer, this process counts alone.
    public init(longestWait: Duration = .seconds(2), shared: SharedBuckets? = nil) {
        self.longestWait = longestWait
        self.shared = shared
        start = clock.now
    }

    /// Waits until `account` may make one more call.
    ///
    /// - Parameters:
    ///   - account: whose calls count together.
    ///   - rules: all hold. Other rules than at the account's last call start over.
    ///   - timeLeft: until the call's deadline; nil without one.
    /// - Returns: nil when the call may be made now; else the seconds for a `Retry-After`, at least 1, and the index of
    ///   the rule.
    /// - Throws: `CancellationError`; the call is not counted then.
    public func pass(
        _ account: String, _ rules: [CallBucket.Rule], timeLeft: Duration? = nil
    ) async throws -> (retryAfter: Int, rule: Int)? {
        guard !rules.isEmpty else { return nil }
        let now = start.duration(to: clock.now)
        let ofAll = await shared?.admit(account, rules, at: now, longestWait: longestWait, timeLeft: timeLeft)
        // A call that all nodes have counted is counted here too, for the time when this one has to count alone.
        if case .go = ofAll { update(account, rules, at: now) { $0.reserve(at: now) } }
        switch ofAll ?? admit(account, rules, at: now, timeLeft: timeLeft) {
        case .refused(let wait, let rule): return (wait.wholeSecondsUp, rule)
        case .go(.zero): return nil
        case .go(let wait):
            do {
                try await clock.sleep(for: wait)
            } catch {
                update(account, rules, at: now) { $0.release() }
                if ofAll != nil { shared?.release(account, rules) }
                throw error
            }
            return nil
        }
    }

    /// Decides on a call at `now`, on a clock that only goes forward, for this process alone.
    func admit(_ account: String, _ rules: [CallBucket.Rule], at now: Duration, timeLeft: Duration?) -> Verdict {
        guard !rules.isEmpty else { return .go(after: .zero) }
        return update(account, rules, at: now) {
            $0.admit(at: now, longestWait: longestWait, timeLeft: timeLeft)
        }
    }

    private func update<Result>(
        _ account: String, _ rules: [CallBucket.Rule], at now: Duration, _ change: (inout CallBuckets) -> Result
    ) -> Result {
        state.withLock { state in
            var buckets = state.accounts[account] ?? CallBuckets(rules)
            if buckets.rules != rules { buckets = CallBuckets(rules) }
            let result = change(&buckets)
            state.accounts[account] = buckets
            if state.accounts.count > state.sweepAt {
                state.accounts = state.accounts.filter { !$0.value.areFull(at: now) }
                state.sweepAt = max(1024, state.accounts.count * 2)
            }
            return result
        }
    }

    /// Accounts that are remembered, for tests and metrics.
    var accountCount: Int { state.withLock { $0.accounts.count } }
}

extension Duration {
    /// Seconds, rounded up, at least 1.
    fileprivate var wholeSecondsUp: Int {
        let (seconds, attoseconds) = components
        return max(Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0), 1)
    }
}
