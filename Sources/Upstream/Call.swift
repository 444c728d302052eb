import HTTPTypes
import NIOCore

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

/// One call across its attempts: what may still be tried, and until when.
struct Call {
    private(set) var request: UpstreamRequest
    private(set) var url: TargetURL
    let deadline: NIODeadline?
    var tally = CallTally()
    private let policy: RetryPolicy
    private var attempt = 1
    private var redirectsLeft: Int
    private var mayRefresh = true
    private var wait = Duration.zero

    init(_ request: UpstreamRequest, policy: RetryPolicy) throws(UpstreamError) {
        self.request = request
        self.policy = policy
        url = try TargetURL(request.url)
        deadline = request.limits.total.map { NIODeadline.now() + TimeAmount($0) }
        redirectsLeft = request.maxRedirects
    }

    // MARK: Retries

    mutating func mayRetry(_ error: UpstreamError, budget: SharedRetryBudget) -> Bool {
        mayRetry(.failed(error.code), budget: budget)
    }

    mutating func mayRetry(status: Int, _ headers: HTTPFields, budget: SharedRetryBudget) -> Bool {
        let now = Int64(Date().timeIntervalSince1970)
        let retryAfter = headers[.retryAfter].flatMap { RetryAfter.seconds($0, now: now) }
        return mayRetry(.answered(status: status, retryAfter: retryAfter), budget: budget)
    }

    private mutating func mayRetry(_ outcome: RetryPolicy.Outcome, budget: SharedRetryBudget) -> Bool {
        let situation = RetryPolicy.Situation(
            attempt: attempt, isSafe: request.isSafe, isReplayable: request.body.isReplayable,
            timeLeft: deadline?.timeLeft()
        )
        guard let wait = policy.wait(after: outcome, situation, random: .random(in: 0...1)), budget.withdraw() else {
            return false
        }
        attempt += 1
        self.wait = wait
        return true
    }

    /// Waits as the retry policy said. Throws when the task is cancelled.
    mutating func pause() async throws(UpstreamError) {
        guard wait > .zero else { return }
        do {
            try await Task.sleep(for: wait)
        } catch {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        }
        wait = .zero
    }

    // MARK: Redirects

    /// Turns the call to where a redirect points, when it is to be followed.
    ///
    /// - Throws: `UpstreamError` when `Location` is not a URL that may be followed.
    mutating func follow(status: Int, _ headers: HTTPFields) throws(UpstreamError) -> Bool {
        guard redirectsLeft > 0, Redirect.statuses.contains(status), let location = headers[.location],
            request.method == .get || request.method == .head
        else { return false }
        redirectsLeft -= 1
        let next = try Redirect.target(of: location, from: url)
        if next.origin != url.origin {
            request.headers = Redirect.withoutCredentials(request.headers, further: request.credentialFields)
            // Fresh credentials for the old origin are none of the new one's business.
            request.onUnauthorized = nil
        }
        url = next
        return true
    }

    // MARK: Credentials

    /// Asks once for fresh credentials after a 401.
    mutating func refresh() async throws -> Bool {
        guard mayRefresh, request.body.isReplayable, let refresh = request.onUnauthorized else { return false }
        mayRefresh = false
        guard let fresh = try await refresh(request) else { return false }
        url = try TargetURL(fresh.url)
        request = fresh
        return true
    }
}

extension NIODeadline {
    func timeLeft(from now: NIODeadline = .now()) -> Duration {
        self > now ? .nanoseconds((self - now).nanoseconds) : .zero
    }
}
