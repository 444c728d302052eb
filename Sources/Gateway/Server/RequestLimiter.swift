import HTTPTypes
import Unified
import Upstream

/// How many calls are allowed in how long, such as 500 in 10 seconds: all at once, and then at that pace.
package struct RequestLimit: Sendable, Hashable {
    package var requests: Int
    package var seconds: Int

    package init(requests: Int, seconds: Int) {
        self.requests = max(requests, 1)
        self.seconds = max(seconds, 1)
    }
}

/// Counts the calls of each token and of each account, by all nodes together where they share a database.
///
/// The headers tell the truth: while `remaining` is above 0 the next call is let through, and after `reset` seconds one
/// is in any case, unless another caller had it.
struct RequestLimiter: Sendable {
    private let calls: CallLimiter

    /// - Parameter sharedBuckets: what the nodes count with together; nil where this one is alone.
    init(_ sharedBuckets: SharedBuckets?) {
        calls = CallLimiter(longestWait: .zero, shared: sharedBuckets)
    }

    /// Counts one call of a token or account.
    ///
    /// - Returns: header fields of the response.
    /// - Throws: `rate_limited`, with `Retry-After` in whole seconds, at least 1.
    func take(_ key: String, _ limit: RequestLimit) async throws(APIError) -> HTTPFields {
        let quota = await calls.take(
            key, GCRABucket.Rule(requests: limit.requests, seconds: Double(limit.seconds), burst: limit.requests))
        guard quota.isGranted else {
            throw .rateLimited(
                "More than \(limit.requests) calls in \(limit.seconds) seconds", limit: limit.requests, reset: quota.reset)
        }
        return .rateLimit(limit: limit.requests, remaining: quota.remaining, reset: quota.reset)
    }
}
