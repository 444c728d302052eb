import Synchronization

/// A token bucket per key: `rate` tokens a second, at most `burst` saved up.
final class TokenBucket: Sendable {
    private struct Level {
        var tokens: Double
        var at: Int64
    }

    private let rate: Double
    private let burst: Double
    private let levels = Mutex<[String: Level]>([:])

    init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = burst
    }

    /// Takes a token; false when the key has none left at this time (milliseconds).
    func take(_ key: String, now: Int64) -> Bool {
        levels.withLock { levels in
            var level = levels[key] ?? Level(tokens: burst, at: now)
            level.tokens = min(burst, level.tokens + Double(max(0, now - level.at)) * rate / 1000)
            level.at = now
            defer { levels[key] = level }
            guard level.tokens >= 1 else { return false }
            level.tokens -= 1
            return true
        }
    }

    func reset() { levels.withLock { $0 = [:] } }
}
