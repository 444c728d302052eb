import Testing

@testable import Upstream

@Suite struct RetryPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let outcome: RetryPolicy.Outcome
        var safe = false
        var replayable = true
        let again: Bool
        var testDescription: String { "\(outcome) safe:\(safe) replayable:\(replayable)" }
    }

    @Test(arguments: [
        Row(outcome: .failed(.couldNotConnect), again: true),
        Row(outcome: .failed(.couldNotConnect), replayable: false, again: true),
        Row(outcome: .failed(.interrupted), again: false),
        Row(outcome: .failed(.interrupted), safe: true, again: true),
        Row(outcome: .failed(.interrupted), safe: true, replayable: false, again: false),
        Row(outcome: .failed(.outcomeUnknown), safe: true, again: false),
        Row(outcome: .failed(.timedOut), safe: true, again: false),
        Row(outcome: .failed(.badResponse), safe: true, again: false),
        Row(outcome: .failed(.egressRefused), safe: true, again: false),
        Row(outcome: .failed(.invalidRequest), safe: true, again: false),
        Row(outcome: .failed(.cancelled), safe: true, again: false),
        Row(outcome: .failed(.sourceFailed), safe: true, again: false),
        Row(outcome: .answered(status: 429, retryAfter: 1), again: true),
        Row(outcome: .answered(status: 429, retryAfter: 1), replayable: false, again: false),
        Row(outcome: .answered(status: 429, retryAfter: 60), again: false),
        Row(outcome: .answered(status: 429, retryAfter: nil), safe: true, again: false),
        Row(outcome: .answered(status: 503, retryAfter: 2), again: true),
        Row(outcome: .answered(status: 503, retryAfter: 2), replayable: false, again: false),
        Row(outcome: .answered(status: 503, retryAfter: 60), safe: true, again: false),
        Row(outcome: .answered(status: 503, retryAfter: nil), again: false),
        Row(outcome: .answered(status: 503, retryAfter: nil), safe: true, again: true),
        Row(outcome: .answered(status: 502, retryAfter: nil), again: false),
        Row(outcome: .answered(status: 502, retryAfter: nil), safe: true, again: true),
        Row(outcome: .answered(status: 504, retryAfter: nil), safe: true, again: true),
        Row(outcome: .answered(status: 504, retryAfter: 1), again: false),
        Row(outcome: .answered(status: 500, retryAfter: 1), safe: true, again: false),
        Row(outcome: .answered(status: 408, retryAfter: nil), safe: true, again: false),
        Row(outcome: .answered(status: 409, retryAfter: 1), safe: true, again: false),
    ])
    func `a request is sent again only where that is safe`(_ row: Row) {
        let situation = RetryPolicy.Situation(
            attempt: 1, isSafe: row.safe, isReplayable: row.replayable, timeLeft: .seconds(20)
        )
        #expect((RetryPolicy.standard.wait(after: row.outcome, situation, random: 0.5) != nil) == row.again)
    }

    @Test func `it is tried so many times and no more`() {
        let waits = (1...5).map { attempt in
            RetryPolicy(attempts: 3).wait(
                after: .failed(.couldNotConnect),
                .init(attempt: attempt, isSafe: true, isReplayable: true, timeLeft: nil), random: 1
            )
        }
        #expect(waits == [.milliseconds(100), .milliseconds(200), nil, nil, nil])
    }

    @Test func `the wait is spread over the whole step and never inside a Retry-After`() {
        let situation = RetryPolicy.Situation(attempt: 2, isSafe: true, isReplayable: true, timeLeft: nil)
        let wait = { RetryPolicy.standard.wait(after: $0, situation, random: $1) }
        #expect(wait(.failed(.couldNotConnect), 0) == .zero)
        #expect(wait(.failed(.couldNotConnect), 0.5) == .milliseconds(100))
        #expect(wait(.answered(status: 429, retryAfter: 2), 0) == .seconds(2))
        #expect(wait(.answered(status: 429, retryAfter: 2), 1) == .milliseconds(2200))
    }

    @Test func `nothing is tried past the deadline`() {
        let situation = RetryPolicy.Situation(attempt: 1, isSafe: true, isReplayable: true, timeLeft: .milliseconds(900))
        #expect(RetryPolicy.standard.wait(after: .answered(status: 429, retryAfter: 1), situation, random: 0) == nil)
    }

    @Test func `retries are a fifth of the calls once the savings are spent`() {
        var budget = RetryBudget()
        while budget.withdraw() {}
        var retries = 0
        for _ in 0..<1000 {
            budget.deposit()
            if budget.withdraw() { retries += 1 }
        }
        #expect((195...200).contains(retries))
    }
}
