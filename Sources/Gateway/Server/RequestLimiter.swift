import Synchronization
import Unified

/// How many calls are allowed in a window, such as 500 in 10 seconds.
public struct RequestLimit: Sendable, Hashable {
    public var requests: Int
    public var seconds: Int

    public init(requests: Int, seconds: Int) {
        self.requests = max(requests, 1)
        self.seconds = max(seconds, 1)
    }
}

/// Counts calls per token and per account in fixed windows, in this process.
///
/// The headers tell the truth: while `remaining` is above 0, the next call of that window is let through.
final class RequestLimiter: Sendable {
    private struct Window {
        var start: Duration
        var count = 0
    }

    private let windows = Mutex<[String: Window]>([:])
    private let uptime: @Sendable () -> Duration

    /// - Parameter uptime: time that only moves forward.
    init(uptime: @escaping @Sendable () -> Duration) { self.uptime = uptime }

    /// Takes one call out of a key's window.
    ///
    /// - Returns: the headers of the answer.
    /// - Throws: `rate_limited`, with `Retry-After` in whole seconds, at least 1.
    func take(_ key: String, _ limit: RequestLimit) throws(APIError) -> [APIError.Header] {
        let now = uptime()
        let length = Duration.seconds(limit.seconds)
        let (count, reset) = windows.withLock { windows in
            if windows.count > 10_000 { windows = windows.filter { now - $0.value.start < length } }
            var window = windows[key] ?? Window(start: now)
            if now - window.start >= length { window = Window(start: now) }
            window.count += 1
            windows[key] = window
            return (window.count, window.start + length - now)
        }
        let seconds = max(1, Int(reset.components.seconds) + (reset.components.attoseconds > 0 ? 1 : 0))
        let remaining = max(0, limit.requests - count)
        guard count <= limit.requests else {
            throw .rateLimited(
                "More than \(limit.requests) calls in \(limit.seconds) seconds", limit: limit.requests, reset: seconds)
        }
        return APIError.Header.rateLimit(limit: limit.requests, remaining: remaining, reset: seconds)
    }
}
