/// A token bucket on a clock of the caller's: so many calls per period, steadily, and so many at once.
///
/// Kept as one moment (GCRA): when the bucket would be full again, were nobody to call any more. Waits are in the order
/// of the reservations, as each moves that moment on.
package struct GCRABucket: Sendable, Hashable {
    /// What a provider allows.
    package struct Rule: Sendable, Hashable {
        /// Between two calls at a steady pace; whole microseconds.
        let interval: Duration
        /// How far ahead of the steady pace calls may be.
        let tolerance: Duration

        /// - Parameters:
        ///   - requests: calls per `seconds`; less than one counts as one.
        ///   - seconds: more than zero, at most a year; what is not is taken for the nearest that is.
        ///   - burst: the most calls at once; less than one counts as one.
        ///   - slack: by how much calls stay behind what is allowed, as far as the burst has room for it: for who counts
        ///     them on arrival, when those before may have been longer on their way.
        package init(requests: Int, seconds: Double, burst: Int, slack: Duration = .zero) {
            let period = seconds.isNaN ? 1 : min(max(seconds, 0.000_001), 366 * 86400)
            // Whole microseconds, which stores keep: no bucket is a call short of its burst by rounding.
            interval = .microseconds(max(Duration.seconds(period / Double(max(requests, 1))).microsecondsUp, 1))
            tolerance = max(interval * (min(max(burst, 1), 1_000_000) - 1) - slack, .zero)
        }
    }

    package let rule: Rule
    /// Since the clock's zero.
    private(set) var fullAt: Duration

    package init(_ rule: Rule, fullAt: Duration = .zero) {
        self.rule = rule
        self.fullAt = fullAt
    }

    /// How long a call has to wait from `now`; zero when it may go.
    package func wait(at now: Duration) -> Duration { max(fullAt - rule.tolerance - now, .zero) }

    /// How many calls may go at `now` that do not have to wait.
    package func remaining(at now: Duration) -> Int {
        let room = rule.tolerance - max(fullAt - now, .zero)
        return room < .zero ? 0 : Int(room.microsecondsDown / rule.interval.microsecondsDown) + 1
    }

    /// Counts one call, to be made after `wait(at: now)`.
    package mutating func reserve(at now: Duration) { fullAt = max(fullAt, now) + rule.interval }

    /// Takes a reservation back.
    package mutating func release() { fullAt -= rule.interval }
}
