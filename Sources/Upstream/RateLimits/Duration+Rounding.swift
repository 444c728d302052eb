extension Duration {
    /// Whole microseconds, rounded down; of what is not negative.
    var microsecondsDown: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Whole microseconds, rounded up; of what is not negative.
    var microsecondsUp: Int64 {
        let down = microsecondsDown
        return .microseconds(down) < self ? down + 1 : down
    }

    /// Whole seconds, rounded up, at least 1: what a client is told to wait.
    var secondsToWait: Int {
        let (seconds, attoseconds) = components
        return max(Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0), 1)
    }
}
