import Synchronization

/// Counts how often something ran.
final class Runs: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func next() -> Int {
        value.withLock {
            $0 += 1; return $0
        }
    }
}
