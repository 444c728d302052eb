import Testing

@testable import Upstream

/// Calls kept below a provider's limits, on a clock that the tests set.
@Suite struct CallLimiterTests {
    static let tenPerSecond = GCRABucket.Rule(requests: 10, seconds: 1, burst: 10)

    /// The verdicts on `count` calls at `now`.
    static func verdicts(
        _ limiter: CallLimiter, _ count: Int, _ rules: [GCRABucket.Rule], at now: Duration, timeLeft: Duration? = nil
    ) -> [CallLimiter.TokenResult] {
        (0..<count).map { _ in limiter.admit("a", rules, at: now, timeLeft: timeLeft).verdict }
    }

    @Test func `a burst goes at once, the calls behind it in steps, and the rest is refused`() {
        let verdicts = Self.verdicts(CallLimiter(), 40, [Self.tenPerSecond], at: .seconds(5))
        for (index, verdict) in verdicts.enumerated() {
            switch index {
            case ..<10: #expect(verdict == .go(after: .zero))
            case ..<30: #expect(verdict == .go(after: .milliseconds(100) * (index - 9)))
            default: #expect(verdict == .refused(wait: .milliseconds(2100), rule: 0))
            }
        }
    }

    @Test func `a steady pace is never held up, a faster one is`() {
        let limiter = CallLimiter()
        let rule = GCRABucket.Rule(requests: 10, seconds: 1, burst: 1)
        for step in 0..<1000 {
            #expect(limiter.admit("a", [rule], at: .milliseconds(100) * step, timeLeft: nil).verdict == .go(after: .zero))
        }
        #expect(limiter.admit("a", [rule], at: .milliseconds(99_950), timeLeft: nil).verdict == .go(after: .milliseconds(50)))
    }

    @Test func `no window holds more calls than the rule and its burst allow`() {
        var bucket = GCRABucket(GCRABucket.Rule(requests: 7, seconds: 3, burst: 4))
        var random = SystemRandomNumberGenerator()
        var now = Duration.zero
        var made: [Duration] = []
        for _ in 0..<2000 {
            now += .milliseconds(Int.random(in: 0...400, using: &random))
            made.append(now + bucket.wait(at: now))
            bucket.reserve(at: now)
        }
        #expect(made == made.sorted())
        for (index, first) in made.enumerated() {
            let inWindow = made[index...].prefix { $0 - first < .seconds(3) }.count
            #expect(inWindow <= 7 + 4)
        }
    }

    @Test(arguments: [(10, 1.0, 20), (1, 1, 5), (60, 60, 60), (500, 10, 500)])
    func `a provider that counts on arrival refuses no call, though the first was longest on its way`(
        requests: Int, seconds: Double, burst: Int
    ) {
        var ours = GCRABucket(GCRABucket.Rule(requests: requests, seconds: seconds, burst: burst, slack: .milliseconds(250)))
        var provider = GCRABucket(GCRABucket.Rule(requests: requests, seconds: seconds, burst: burst))
        var now = Duration.zero
        for index in 0..<burst + 50 {
            now += ours.wait(at: now)
            ours.reserve(at: now)
            let arrival = now + .milliseconds(index == 0 ? 250 : 2)
            #expect(provider.wait(at: arrival) == .zero)
            provider.reserve(at: arrival)
        }
    }

    @Test func `slack leaves a burst of one as it is`() {
        let rule = GCRABucket.Rule(requests: 1, seconds: 1, burst: 1, slack: .milliseconds(250))
        #expect(rule == GCRABucket.Rule(requests: 1, seconds: 1, burst: 1))
    }

    @Test func `all rules hold, and a refusal counts nowhere`() {
        let minute = GCRABucket.Rule(requests: 60, seconds: 60, burst: 12)
        let limiter = CallLimiter(longestWait: .zero)
        let verdicts = Self.verdicts(limiter, 30, [Self.tenPerSecond, minute], at: .zero)
        #expect(verdicts.filter { $0 == .go(after: .zero) }.count == 10)
        // A second later the first bucket is full again; the second has two left and one new.
        #expect(Self.verdicts(limiter, 30, [Self.tenPerSecond, minute], at: .seconds(1)).filter { $0 == .go(after: .zero) }.count == 3)
    }

    @Test(arguments: [
        (Duration?.none, CallLimiter.TokenResult.go(after: .seconds(1))), (.seconds(2), .go(after: .seconds(1))),
        (.seconds(1), .refused(wait: .seconds(1), rule: 0)), (.zero, .refused(wait: .seconds(1), rule: 0)),
    ])
    func `a wait fits into the deadline or is refused`(_ timeLeft: Duration?, _ expected: CallLimiter.TokenResult) {
        let rule = GCRABucket.Rule(requests: 1, seconds: 1, burst: 1)
        let limiter = CallLimiter()
        #expect(Self.verdicts(limiter, 1, [rule], at: .zero) == [.go(after: .zero)])
        #expect(Self.verdicts(limiter, 1, [rule], at: .zero, timeLeft: timeLeft) == [expected])
    }

    @Test(arguments: [
        (0, 1.0, 0), (-5, -1, -5), (1, .nan, 1), (1, .infinity, 1), (.max, 0, .max), (.max, 1e300, .max), (1, 1e-300, .min),
    ])
    func `senseless rules do no harm`(_ requests: Int, _ seconds: Double, _ burst: Int) {
        let limiter = CallLimiter()
        let rule = GCRABucket.Rule(requests: requests, seconds: seconds, burst: burst)
        let verdicts = Self.verdicts(limiter, 3, [rule], at: .seconds(1))
        #expect(verdicts.first == .go(after: .zero))
    }

    @Test func `accounts are counted apart, and forgotten when they are quiet`() {
        let limiter = CallLimiter(longestWait: .zero)
        let rule = GCRABucket.Rule(requests: 1, seconds: 1, burst: 1)
        for index in 0..<5000 {
            #expect(limiter.admit("\(index)", [rule], at: .seconds(index), timeLeft: nil).verdict == .go(after: .zero))
        }
        #expect(limiter.accountCount <= 1025)
        #expect(limiter.admit("4999", [rule], at: .seconds(4999), timeLeft: nil).verdict == .refused(wait: .seconds(1), rule: 0))
        #expect(limiter.admit("new", [], at: .zero, timeLeft: nil).verdict == .go(after: .zero))
    }

    @Test(.timeLimit(.minutes(5))) func `a cancelled wait is not counted`() async throws {
        let limiter = CallLimiter(longestWait: .seconds(3600))
        let rule = GCRABucket.Rule(requests: 1, seconds: 1800, burst: 1)
        #expect(try await limiter.pass("a", [rule]) == nil)
        for _ in 0..<5 {
            let waiting = Task { try await limiter.pass("a", [rule]) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        // Had one of them counted, it would be twice as long.
        let wait = try #require(try await limiter.pass("a", [rule], timeLeft: .seconds(1)))
        #expect((1500...1800).contains(wait.retryAfter))
    }

    @Test(arguments: [(3, 10.0), (7, 3), (1, 1), (50, 10), (1000, 1)])
    func `what a caller is told comes true`(requests: Int, seconds: Double) {
        let rule = GCRABucket.Rule(requests: requests, seconds: seconds, burst: requests)
        let limiter = CallLimiter(longestWait: .zero)
        var random = SystemRandomNumberGenerator()
        var now = Duration.zero
        var told: CallLimiter.Decision?
        for turn in 0..<3000 {
            let step = Duration.nanoseconds(Int64.random(in: 0...Int64(1.9e9 * seconds) / Int64(requests), using: &random))
            let waits = turn % 7 == 0
            now += waits ? told?.reset ?? .zero : step
            let decision = limiter.admit("a", [rule], at: now, timeLeft: nil)
            if let told, told.remaining > 0 || waits { #expect(decision.verdict == .go(after: .zero)) }
            #expect(decision.remaining < requests)
            told = decision
        }
    }

    @Test(arguments: [3, 7, 50, 999]) func `a whole burst goes at once, and each call counts the rest down`(requests: Int) async {
        let limiter = CallLimiter(longestWait: .zero)
        let rule = GCRABucket.Rule(requests: requests, seconds: 36000, burst: requests)
        for remaining in (0..<requests).reversed() {
            let quota = await limiter.take("a", rule)
            #expect(quota.isGranted && quota.remaining == remaining)
        }
        let refusal = await limiter.take("a", rule)
        #expect(!refusal.isGranted && refusal.remaining == 0)
        #expect((1...36000 / requests + 1).contains(refusal.reset))
    }
}
