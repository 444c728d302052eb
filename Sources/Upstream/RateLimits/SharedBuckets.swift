package import Logging
import Synchronization

/// The buckets of all nodes, as long as the store that keeps them responds in time.
package final class SharedBuckets: Sendable {
    private struct Refusal {
        /// Before this no call of the account can be let in: moments only ever move on.
        var until: Duration
        var fullAt: Duration
        var rule: Int
    }

    private struct State {
        var refusals: [String: Refusal] = [:]
        var sweepAt = 1024
        /// Set while the store does not respond: when to ask it again.
        var askAgainAt: Duration?
    }

    private let state = Mutex(State())
    let store: any GCRABucketStore
    private let logger: Logger
    private let patience: Duration
    private let pause: Duration

    /// - Parameters:
    ///   - patience: how long a call waits for the store before its node counts alone.
    ///   - pause: how long the store is not asked after that.
    package init(
        store: any GCRABucketStore, logger: Logger, patience: Duration = .milliseconds(500), pause: Duration = .seconds(1)
    ) {
        self.store = store
        self.logger = logger
        self.patience = patience
        self.pause = pause
    }

    /// Decides on a call, and counts it for all nodes where it may go.
    ///
    /// - Parameter now: of this node, on a clock that only goes forward.
    /// - Returns: nil where the store does not respond. Should it have counted the call all the same, there is one too few.
    func admit(
        _ account: String, _ rules: [GCRABucket.Rule], at now: Duration, longestWait: Duration, timeLeft: Duration?
    ) async -> CallLimiter.Decision? {
        let name = GCRABuckets.name(account, rules)
        if let refusal = remembered(name, at: now) { return refusal }
        let decision = await change(name, at: now) { moments, now in
            var buckets = GCRABuckets(rules, kept: moments)
            let decision = buckets.admit(at: .microseconds(now), longestWait: longestWait, timeLeft: timeLeft)
            if case .refused = decision.verdict { return (nil, decision) }
            return (buckets.kept, decision)
        }
        if case .refused(let wait, let rule) = decision?.verdict, wait > longestWait {
            remember(Refusal(until: now + wait - longestWait, fullAt: now + wait, rule: rule), name, at: now)
        }
        return decision
    }

    /// Changes what is kept under a name, if the store responds in time.
    ///
    /// - Returns: nil where it does not; the change may then have been made or not.
    func change<Result: Sendable>(
        _ name: String, at now: Duration,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async -> Result? {
        guard mayAsk(at: now) else { return nil }
        let result = await bounded { [store] in try await store.change(name, change) }
        note(answered: result != nil, at: now)
        return result
    }

    /// Takes a call back that was counted and not made, when the store gets to it.
    func release(_ account: String, _ rules: [GCRABucket.Rule]) {
        Task { [store] in
            // Where it fails the account has one call less for a while.
            try? await store.change(GCRABuckets.name(account, rules)) { moments, _ in
                guard !moments.isEmpty else { return (nil, ()) }
                var buckets = GCRABuckets(rules, kept: moments)
                buckets.release()
                return (buckets.kept, ())
            }
        }
    }

    /// The refusal that stands, so that a caller who insists costs the database nothing.
    private func remembered(_ name: String, at now: Duration) -> CallLimiter.Decision? {
        state.withLock { state in
            guard let refusal = state.refusals[name], refusal.until > now else { return nil }
            return .refused(wait: refusal.fullAt - now, rule: refusal.rule)
        }
    }

    private func remember(_ refusal: Refusal, _ name: String, at now: Duration) {
        state.withLock { state in
            state.refusals[name] = refusal
            guard state.refusals.count > state.sweepAt else { return }
            state.refusals = state.refusals.filter { $0.value.until > now }
            state.sweepAt = max(1024, state.refusals.count * 2)
        }
    }

    /// While the store is away, one call after each pause finds out whether it is back.
    private func mayAsk(at now: Duration) -> Bool {
        state.withLock { state in
            guard let askAgainAt = state.askAgainAt else { return true }
            guard askAgainAt <= now else { return false }
            state.askAgainAt = now + pause
            return true
        }
    }

    private func note(answered: Bool, at now: Duration) {
        let hasChanged = state.withLock { state in
            let wasAway = state.askAgainAt != nil
            state.askAgainAt = answered ? nil : now + patience + pause
            return wasAway == answered
        }
        guard hasChanged else { return }
        if answered {
            logger.notice("Nodes count calls together again")
        } else {
            logger.warning("This node counts calls alone: the database does not answer")
        }
    }

    /// Waits for the store no longer than `patience`; the work itself goes on.
    private func bounded<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            let response = OneAnswer(continuation)
            let timer = Task { [patience] in
                if (try? await Task.sleep(for: patience)) != nil { response.give(nil) }
            }
            Task {
                response.give(try? await work())
                timer.cancel()
            }
        }
    }

    /// What the nodes together say to one more call under way.
    enum Beginning: Sendable {
        case begun(SharedCall)
        /// There are as many as may be.
        case full
        case storeIsAway
    }

    /// Counts a call as under way for all nodes, where there are not as many as may be.
    ///
    /// - Parameter lease: how long it counts unless it is renewed.
    func begin(_ name: String, limit: Int, lease: Duration, at now: Duration) async -> Beginning {
        let length = lease.microsecondsUp
        let taken = await change(name, at: now) { moments, now -> (moments: [Int64]?, result: Int64?) in
            var leases = ConcurrencyLeases(moments, at: now)
            guard let moment = leases.take(limit: limit, until: now + length) else { return (nil, nil) }
            return (leases.moments, moment)
        }
        guard let taken else { return .storeIsAway }
        return taken.map { .begun(SharedCall(store, name, $0, lease: lease)) } ?? .full
    }
}

/// Resumes a continuation with what comes first.
private final class OneAnswer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value?, Never>?>

    init(_ continuation: CheckedContinuation<Value?, Never>) { self.continuation = Mutex(continuation) }

    func give(_ value: Value?) { continuation.withLock { $0.take() }?.resume(returning: value) }
}
