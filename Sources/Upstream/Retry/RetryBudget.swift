import Synchronization

/// Keeps retries to a share of the calls, so that a provider in trouble is not hit harder for being in trouble.
struct RetryBudget: Sendable, Hashable {
    /// Retries earned per call.
    static let share = 0.2
    /// What can be saved up; also the balance at the start, so that quiet gateways may retry too.
    static let most = 10.0

    private(set) var balance = most

    mutating func deposit() { balance = min(balance + Self.share, Self.most) }

    /// Takes one retry, if there is one.
    mutating func withdraw() -> Bool {
        guard balance >= 1 else { return false }
        balance -= 1
        return true
    }
}

/// One budget for all calls of an `Upstream`.
final class SharedRetryBudget: Sendable {
    private let budget = Mutex(RetryBudget())

    func deposit() { budget.withLock { $0.deposit() } }
    func withdraw() -> Bool { budget.withLock { $0.withdraw() } }
}
