import JSON

/// Counts calls: token buckets and fixed windows, by the limit they belong to and the caller.
struct RateLimiter {
    private struct Level {
        var tokens: Double
        var at: Int64
    }

    struct State {
        var isAllowed: Bool
        var limit: Int
        var remaining: Int
        /// Milliseconds since 1970 at which all of the limit is there again.
        var resetAt: Int64
        /// Milliseconds until the next call is let through.
        var wait: Int64
    }

    private var levels: [String: Level] = [:]

    mutating func take(_ spec: RateLimitSpec, _ key: String, now: Int64) -> State {
        spec.isWindow ? takeWindow(spec, key, now) : takeBucket(spec, key, now)
    }

    private mutating func takeBucket(_ spec: RateLimitSpec, _ key: String, _ now: Int64) -> State {
        let rate = Double(spec.requests) / (spec.seconds * 1000)
        var level = levels[key] ?? Level(tokens: Double(spec.burst), at: now)
        level.tokens = min(Double(spec.burst), level.tokens + Double(max(0, now - level.at)) * rate)
        level.at = now
        let isAllowed = level.tokens >= 1
        if isAllowed { level.tokens -= 1 }
        levels[key] = level
        return State(
            isAllowed: isAllowed, limit: spec.requests, remaining: Int(level.tokens),
            resetAt: now + Int64((Double(spec.burst) - level.tokens) / rate),
            wait: isAllowed ? 0 : Int64((1 - level.tokens) / rate)
        )
    }

    private mutating func takeWindow(_ spec: RateLimitSpec, _ key: String, _ now: Int64) -> State {
        let length = max(1, Int64(spec.seconds * 1000))
        let start = now / length * length
        var level = levels[key] ?? Level(tokens: 0, at: start)
        if level.at != start { level = Level(tokens: 0, at: start) }
        let isAllowed = Int(level.tokens) < spec.requests
        if isAllowed { level.tokens += 1 }
        levels[key] = level
        let end = start + length
        return State(
            isAllowed: isAllowed, limit: spec.requests, remaining: spec.requests - Int(level.tokens), resetAt: end,
            wait: isAllowed ? 0 : end - now
        )
    }
}

extension RateLimiter.State {
    /// The variables of the limit's headers.
    func values(now: Int64) -> [String: JSONValue] {
        [
            "limit": .integer(limit), "remaining": .integer(remaining), "reset_at": .integer((resetAt + 999) / 1000),
            "reset_in": .integer(max(0, resetAt - now + 999) / 1000), "retry_after": .integer(max(1, (wait + 999) / 1000)),
        ]
    }
}
