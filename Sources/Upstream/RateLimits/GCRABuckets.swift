/// All buckets of one account. A call is counted in each of them or in none.
struct GCRABuckets: Sendable, Hashable {
    private(set) var buckets: [GCRABucket]

    /// - Parameter moments: what `moments` was, in the order of the rules; full buckets where there are not as many.
    init(_ rules: [GCRABucket.Rule], moments: [Duration] = []) {
        let isKnown = moments.count == rules.count
        buckets = rules.enumerated().map { GCRABucket($1, fullAt: isKnown ? moments[$0] : .zero) }
    }

    /// When each bucket is full again, since the clock's zero: all there is to keep of them.
    var moments: [Duration] { buckets.map(\.fullAt) }

    var rules: [GCRABucket.Rule] { buckets.map(\.rule) }

    /// Decides on a call at `now`, and counts it where it may go.
    ///
    /// - Parameters:
    ///   - longestWait: what the call waits at most.
    ///   - timeLeft: until the call's deadline, before which a wait must end; nil without one.
    mutating func admit(at now: Duration, longestWait: Duration, timeLeft: Duration?) -> CallLimiter.Decision {
        let (rule, wait) = buckets.map { $0.wait(at: now) }.enumerated().max { $0.1 < $1.1 } ?? (0, .zero)
        let isInTime = wait == .zero || timeLeft.map { wait < $0 } ?? true
        // Nothing is counted for a refused call: a caller that insists does not push the moment away.
        guard wait <= longestWait, isInTime else { return .refused(wait: wait, rule: rule) }
        reserve(at: now)
        let remaining = buckets.map { $0.remaining(at: now) }.min() ?? 0
        let more = buckets.map { remaining > 0 ? $0.fullAt - now : $0.wait(at: now) }.max() ?? .zero
        return CallLimiter.Decision(verdict: .go(after: wait), remaining: remaining, reset: more)
    }

    /// Counts a call that goes in any case.
    mutating func reserve(at now: Duration) {
        for index in buckets.indices { buckets[index].reserve(at: now) }
    }

    /// Takes a call back that was counted and not made.
    mutating func release() {
        for index in buckets.indices { buckets[index].release() }
    }

    /// Full buckets are as good as none.
    func areFull(at now: Duration) -> Bool { buckets.allSatisfy { $0.fullAt <= now } }
}
