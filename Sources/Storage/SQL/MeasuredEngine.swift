import Synchronization

/// Observes transactions: whether one writes, how long it took with the wait for its turn, and whether it succeeded.
package final class TransactionObserver: Sendable {
    package typealias Observe = @Sendable (_ isWrite: Bool, _ duration: Duration, _ succeeded: Bool) -> Void

    private let observe = Mutex<Observe?>(nil)

    package init() {}

    /// Calls `observe` after each transaction from now on. It must be quick: the transaction's caller waits for it.
    package func set(_ observe: @escaping Observe) { self.observe.withLock { $0 = observe } }

    var current: Observe? { observe.withLock { $0 } }
}

/// Measures the transactions of an engine while an observer is set.
struct MeasuredEngine: WrappingEngine {
    let base: any SQLEngine
    let observer: TransactionObserver

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        try await measured(isWrite: false) { () async throws(StorageError) in try await base.read(body) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        try await measured(isWrite: true) { () async throws(StorageError) in try await base.write(body) }
    }

    private func measured<Result: Sendable>(
        isWrite: Bool, _ transaction: () async throws(StorageError) -> Result
    ) async throws(StorageError) -> Result {
        guard let observe = observer.current else { return try await transaction() }
        let start = ContinuousClock.now
        do {
            let result = try await transaction()
            observe(isWrite, start.duration(to: .now), true)
            return result
        } catch {
            observe(isWrite, start.duration(to: .now), false)
            throw error
        }
    }
}
