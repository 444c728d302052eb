import Synchronization

/// Lets a few names be looked up at once, and of one environment fewer: a look-up blocks a thread for as long as the
/// name server takes, and names come from callers too.
final class LookUpTurns: Sendable {
    /// Names that are looked up at the same time.
    static let together = 16
    /// Of those, for one environment.
    static let perEnvironment = 4
    /// Names that may wait for one environment.
    static let longestQueue = 256

    /// Resumed with whether it is the turn; false where it never will be.
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private let queue = Mutex(
        FairQueue<Waiter>(together: together, perKey: perEnvironment, longestQueue: longestQueue))

    /// Runs `body` when it is the environment's turn.
    ///
    /// - Throws: `ResolutionFailure` where too many wait already; what `body` throws.
    func take<Result: Sendable>(
        for environment: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let isTurn = await withCheckedContinuation { (waiter: Waiter) in
            switch queue.withLock({ $0.add(waiter, for: environment) }) {
            case .starts: waiter.resume(returning: true)
            case .waits: break
            case .refused: waiter.resume(returning: false)
            }
        }
        guard isTurn else { throw ResolutionFailure(reason: "too many names are being looked up") }
        defer { for waiter in queue.withLock({ $0.ended(environment) }) { waiter.resume(returning: true) } }
        return try await body()
    }
}

/// Work that waits for one of a few places, taken in turns from those who want them: pure.
struct FairQueue<Element> {
    enum Added: Hashable { case starts, waits, refused }

    private let together: Int
    private let perKey: Int
    private let longestQueue: Int
    private var running: [String: Int] = [:]
    private var total = 0
    private var queues: [String: [Element]] = [:]
    /// Keys with a queue; the one at the front is next.
    private var turns: [String] = []

    init(together: Int, perKey: Int, longestQueue: Int) {
        self.together = together
        self.perKey = perKey
        self.longestQueue = longestQueue
    }

    mutating func add(_ element: Element, for key: String) -> Added {
        if total < together, running[key, default: 0] < perKey {
            start(key)
            return .starts
        }
        guard queues[key, default: []].count < longestQueue else { return .refused }
        if queues[key] == nil { turns.append(key) }
        queues[key, default: []].append(element)
        return .waits
    }

    /// A place of `key` is free again.
    ///
    /// - Returns: what starts now.
    mutating func ended(_ key: String) -> [Element] {
        total -= 1
        let left = running[key, default: 1] - 1
        running[key] = left > 0 ? left : nil
        var started: [Element] = []
        while total < together, let index = turns.firstIndex(where: { running[$0, default: 0] < perKey }) {
            let next = turns.remove(at: index)
            guard var queue = queues.removeValue(forKey: next), !queue.isEmpty else { continue }
            started.append(queue.removeFirst())
            start(next)
            guard !queue.isEmpty else { continue }
            queues[next] = queue
            turns.append(next)
        }
        return started
    }

    private mutating func start(_ key: String) {
        running[key, default: 0] += 1
        total += 1
    }
}
