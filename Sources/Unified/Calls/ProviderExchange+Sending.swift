import Catalog
import Upstream

extension ProviderExchange {
    /// Sends a request when it is the account's turn, and collects the answer.
    func send(_ request: UpstreamRequest) async throws -> CollectedResponse {
        try await awaitTurn(request)
        return try await service.upstream.send(request, upTo: service.limits.maxAnswerBytes)
    }

    /// Sends a request when it is the account's turn, and reads the answer inside `body`.
    func withResponse(_ request: UpstreamRequest, _ body: (UpstreamResponse) async throws -> Void) async throws {
        try await awaitTurn(request)
        try await service.upstream.withResponse(request, body)
    }

    /// Keeps the account below the limits that the definition gives: a call that is a little early waits, so that bursts
    /// are smoothed without anybody noticing; one that would have to wait for long is told so at once.
    ///
    /// - Throws: `rate_limited`.
    private func awaitTurn(_ request: UpstreamRequest) async throws {
        guard let buckets = plan.integration.rateLimit?.buckets, !buckets.isEmpty else { return }
        let rules = buckets.map { CallBucket.Rule(requests: $0.requests, seconds: $0.seconds, burst: $0.burst) }
        guard let refusal = try await service.turns.pass(call.account.id, rules, timeLeft: request.limits.total) else { return }
        let bucket = buckets[refusal.rule]
        throw APIError.rateLimited(
            "\(plan.integration.label) allows \(bucket.requests) calls in \(bucket.seconds.formatted) seconds, and more are waiting already",
            limit: bucket.requests, reset: refusal.retryAfter)
    }
}

extension Double {
    /// Without a fraction where it has none.
    fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? String(self) }
}
