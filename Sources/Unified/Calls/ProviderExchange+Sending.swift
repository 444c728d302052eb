import Catalog
import HTTPTypes
import Upstream

extension ProviderExchange {
    /// Sends a request and collects the response.
    func send(_ request: UpstreamRequest) async throws -> CollectedResponse {
        let limit = service.limits.maxResponseBytes
        let mayRefuse = request.method == .get || request.method == .head
        let held = responses
        return try await service.upstream.withResponse(request) { response in
            let length = response.headers[.contentLength].flatMap { Int($0) }
            let isFree = length.map { $0 <= HeldResponses.free } ?? false
            return try await response.collected(upTo: limit, padding: ResponseBytes.padding) { bytes in
                if !isFree { try held.hold(bytes, mayRefuse: mayRefuse) }
            }
        }
    }

    /// Keeps the account below the limits that the definition gives: a call that is a little early waits, so that bursts
    /// are smoothed without anybody noticing; one that would have to wait for long is told so at once.
    ///
    /// - Throws: `rate_limited`.
    func acquireRateLimit() async throws {
        guard let buckets = plan.integration.rateLimit?.buckets, !buckets.isEmpty else { return }
        let rules = buckets.map { GCRABucket.Rule(requests: $0.requests, seconds: $0.seconds, burst: $0.burst) }
        let asked = ContinuousClock.now
        defer { CallNotes.current?.note { $0.turnWait += asked.duration(to: .now) } }
        guard let refusal = try await service.turns.pass(call.account.id, rules, timeLeft: service.limits.callTime.total) else { return }
        let bucket = buckets[refusal.rule]
        throw APIError.rateLimited(
            "\(plan.integration.label) allows \(bucket.requests) calls in \(bucket.seconds.plainText) seconds, and more are waiting already",
            limit: bucket.requests, reset: refusal.retryAfter)
    }
}
