import Synchronization

/// Keeps the calls of each account below the limits of its provider, of our own accord.
///
/// A call that is a little early waits; one that is much too early is refused before anything is sent.
package final class CallLimiter: Sendable {
    /// What to do with a call.
    package enum TokenResult: Sendable, Hashable {
        /// Counted; make it after so long.
        case go(after: Duration)
        /// Not counted; it would have had to wait so long. `rule` is the index of the one that is in the way.
        case refused(wait: Duration, rule: Int)
    }

    /// What to do with a call, and what is left for those after it.
    struct Decision: Sendable, Hashable {
        var verdict: TokenResult
        /// Calls that may follow at once.
        var remaining: Int
        /// Until all may follow that ever may at once; where none remains, until the next one may.
        var reset: Duration

        static func refused(wait: Duration, rule: Int) -> Decision {
            Decision(verdict: .refused(wait: wait, rule: rule), remaining: 0, reset: wait)
        }
    }

    /// What a caller is told of its limit.
    package struct Quota: Sendable, Hashable {
        /// Whether the call may be made, and was counted.
        package let isGranted: Bool
        /// Calls that may follow at once.
        package let remaining: Int
        /// Seconds, at least 1, until all may follow that ever may at once; where none remains, until the next one may.
        package let reset: Int
    }

    private struct State {
        var accounts: [String: GCRABuckets] = [:]
        var sweepAt = 1024
    }

    private let state = Mutex(State())
    private let longestWait: Duration
    private let shared: SharedBuckets?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - longestWait: what a call waits at most before it is refused instead.
    ///   - shared: the buckets of all nodes; without them, and while they do not respond, this process counts alone.
    package init(longestWait: Duration = .seconds(2), shared: SharedBuckets? = nil) {
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
    package func pass(
        _ account: String, _ rules: [GCRABucket.Rule], timeLeft: Duration? = nil
    ) async throws -> (retryAfter: Int, rule: Int)? {
        guard !rules.isEmpty else { return nil }
        let (decision, isShared, now) = await decide(account, rules, timeLeft: timeLeft)
        switch decision.verdict {
        case .refused(let wait, let rule): return (wait.secondsToWait, rule)
        case .go(.zero): return nil
        case .go(let wait):
            do {
                try await clock.sleep(for: wait)
            } catch {
                update(account, rules, at: now) { $0.release() }
                if isShared { shared?.release(account, rules) }
                throw error
            }
            return nil
        }
    }

    /// Takes a call back that was counted by `pass` and not made.
    package func release(_ account: String, _ rules: [GCRABucket.Rule]) {
        update(account, rules, at: start.duration(to: clock.now)) { $0.release() }
        shared?.release(account, rules)
    }

    /// Counts one more call of `account` if it may be made now; nothing waits.
    ///
    /// For a limiter whose `longestWait` is zero.
    package func take(_ account: String, _ rule: GCRABucket.Rule) async -> Quota {
        let decision = await decide(account, [rule], timeLeft: nil).decision
        return Quota(
            isGranted: decision.verdict == .go(after: .zero), remaining: decision.remaining,
            reset: decision.reset.secondsToWait)
    }

    private func decide(
        _ account: String, _ rules: [GCRABucket.Rule], timeLeft: Duration?
    ) async -> (decision: Decision, isShared: Bool, now: Duration) {
        let now = start.duration(to: clock.now)
        guard
            let ofAll = await shared?.admit(account, rules, at: now, longestWait: longestWait, timeLeft: timeLeft)
        else { return (admit(account, rules, at: now, timeLeft: timeLeft), false, now) }
        // A call that all nodes have counted is counted here too, for the time when this one has to count alone.
        if case .go = ofAll.verdict { update(account, rules, at: now) { $0.reserve(at: now) } }
        return (ofAll, true, now)
    }

    /// Decides on a call at `now`, on a clock that only goes forward, for this process alone.
    func admit(_ account: String, _ rules: [GCRABucket.Rule], at now: Duration, timeLeft: Duration?) -> Decision {
        update(account, rules, at: now) {
            $0.admit(at: now, longestWait: longestWait, timeLeft: timeLeft)
        }
    }

    private func update<Result>(
        _ account: String, _ rules: [GCRABucket.Rule], at now: Duration, _ change: (inout GCRABuckets) -> Result
    ) -> Result {
        state.withLock { state in
            var buckets = state.accounts[account] ?? GCRABuckets(rules)
            if buckets.rules != rules { buckets = GCRABuckets(rules) }
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
