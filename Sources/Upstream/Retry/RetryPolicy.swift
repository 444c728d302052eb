/// When a request is sent again: only where the provider cannot have acted on it, or acting twice does not matter.
package struct RetryPolicy: Sendable, Hashable {
    /// Times a request is sent in all, the first included.
    package var attempts: Int
    /// The first wait is at most this; each further one at most twice the one before.
    package var base: Duration
    package var longest: Duration
    /// A provider that asks for a longer wait than this gets none: its response is handed on.
    package var longestRetryAfter: Duration

    package init(
        attempts: Int = 3, base: Duration = .milliseconds(100), longest: Duration = .seconds(2),
        longestRetryAfter: Duration = .seconds(3)
    ) {
        self.attempts = attempts
        self.base = base
        self.longest = longest
        self.longestRetryAfter = longestRetryAfter
    }

    package static let standard = RetryPolicy()
    package static let none = RetryPolicy(attempts: 1)

    /// How an attempt ended.
    package enum Outcome: Sendable, Hashable {
        case failed(UpstreamError.Code)
        /// `retryAfter` in seconds, normalised.
        case answered(status: Int, retryAfter: Int?)
    }

    /// What the rules need to know of a request.
    package struct Situation: Sendable, Hashable {
        /// Attempts already made, at least 1.
        package var attempt: Int
        /// The request only reads, or may be carried out twice.
        package var isSafe: Bool
        package var isReplayable: Bool
        /// Until the total deadline; nil without one.
        package var timeLeft: Duration?

        package init(attempt: Int, isSafe: Bool, isReplayable: Bool, timeLeft: Duration?) {
            self.attempt = attempt
            self.isSafe = isSafe
            self.isReplayable = isReplayable
            self.timeLeft = timeLeft
        }
    }

    /// How long to wait before sending again; nil when the outcome stands.
    ///
    /// Full jitter: the wait is spread evenly from zero to the step's maximum, so that callers that failed together
    /// do not come back together. On top of a `Retry-After`, never inside it.
    /// - Parameter random: evenly from 0 to 1.
    package func wait(after outcome: Outcome, _ situation: Situation, random: Double) -> Duration? {
        guard situation.attempt < attempts else { return nil }
        let step = min(base * (1 << min(situation.attempt - 1, 20)), longest)
        var wait = step * random
        switch outcome {
        case .failed(.couldNotConnect):
            // Nothing was sent, not even the start of a body that can be read only once.
            break
        case .failed(.interrupted):
            guard situation.isSafe, situation.isReplayable else { return nil }
        case .failed:
            return nil
        case .answered(let status, let retryAfter):
            guard situation.isReplayable else { return nil }
            switch (status, retryAfter) {
            case (429, let seconds?), (503, let seconds?):
                // Both say that the request was turned away, so a write may be repeated too.
                guard Duration.seconds(seconds) <= longestRetryAfter else { return nil }
                wait += .seconds(seconds)
            case (502, _), (503, _), (504, _):
                guard situation.isSafe else { return nil }
            default:
                return nil
            }
        }
        if let timeLeft = situation.timeLeft, wait >= timeLeft { return nil }
        return wait
    }
}
