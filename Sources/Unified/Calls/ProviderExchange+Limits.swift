import Catalog
import Upstream

extension ProviderExchange {
    /// A call is counted here when it leaves and at the provider when it arrives. The first of a burst also makes the
    /// connection, so those behind it would come too early by that.
    private static let slack = Duration.milliseconds(250)

    /// Keeps the account below the limits that the definition gives: a call that is a little early waits, so that bursts
    /// are smoothed without anybody noticing; one that would have to wait for long is refused at once.
    ///
    /// - Returns: the call's turns, to be ended once the response is here.
    /// - Throws: `rate_limited`.
    func acquireRateLimit(_ method: IntegrationMethod) async throws -> CallTurns {
        let limits = plan.integration.rateLimit?.limits(of: method, authenticationMethod: call.account.authenticationMethod)
        guard let limits, !limits.isEmpty else { return CallTurns() }
        let asked = ContinuousClock.now
        defer { CallNotes.current?.note { $0.turnWait += asked.duration(to: .now) } }
        var turns = CallTurns()
        var counted: [(account: String, rules: [GCRABucket.Rule])] = []
        do {
            // The place among the calls of a kind before that among all calls, which others could have meanwhile.
            for limit in limits { try await turns.begin(limit, self) }
            // The rate last: calls leave as they are counted.
            for limit in limits where !limit.buckets.isEmpty { counted.append(try await pass(limit)) }
        } catch {
            turns.end()
            for (account, rules) in counted { service.turns.release(account, rules) }
            throw error
        }
        return turns
    }

    /// What an account's calls are counted under for a limit.
    fileprivate func account(_ limit: CallLimits) -> String {
        limit.name.isEmpty ? call.account.id : "\(call.account.id) \(limit.name)"
    }

    private func pass(_ limit: CallLimits) async throws -> (account: String, rules: [GCRABucket.Rule]) {
        let (account, buckets) = (account(limit), limit.buckets)
        // A call never waits longer for it than for a turn.
        let slack = min(Self.slack, service.limits.maxRateLimitWait)
        let rules = buckets.map {
            GCRABucket.Rule(requests: $0.requests, seconds: $0.seconds, burst: $0.burst, slack: slack)
        }
        let refusal = try await service.turns.pass(account, rules, timeLeft: service.limits.callTime.total)
        guard let refusal else { return (account, rules) }
        let bucket = buckets[refusal.rule]
        throw APIError.rateLimited(
            "\(plan.integration.label) allows \(bucket.requests) calls in \(bucket.seconds.plainText) seconds, and more are waiting already",
            limit: bucket.requests, reset: refusal.retryAfter)
    }
}

/// The places of one call among those under way at its provider.
struct CallTurns: Sendable {
    private var turns: [CallTurn] = []

    fileprivate mutating func begin(_ limit: CallLimits, _ exchange: ProviderExchange) async throws {
        guard let most = limit.concurrency else { return }
        guard let turn = try await exchange.service.concurrency.begin(exchange.account(limit), limit: most) else {
            let calls = most == 1 ? "one call" : "\(most) calls"
            throw APIError.rateLimited(
                "\(exchange.plan.integration.label) allows \(calls) at a time, and more are waiting already", limit: most, reset: 1)
        }
        turns.append(turn)
    }

    /// Doing it again changes nothing.
    func end() { for turn in turns { turn.end() } }
}
