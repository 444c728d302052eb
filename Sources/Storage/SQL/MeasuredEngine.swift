import Synchronization

/// Told of each transaction: whether it writes, how long it took with the wait for its turn, and whether it succeeded.
package final class TransactionObserver: Sendable {
    package typealias Observe = @Sendable (_ isWrite: Bool, _ duration: Duration, _ succeeded: Bool) -> Void

    private let observe = Mutex<Observe?>(nil)

    package init() {}

    /// Has `observe` told from now on; it must be quick, as the transaction's caller waits for it.
    package func set(_ observe: @escaping Observe) { self.observe.withLock { $0 = observe } }

    var current: Observe? { observe.withLock { $0 } }
}

/// Measures the transactions of an engine, while somebody wants to know.
struct MeasuredEngine: SQLEngine {
    let base: any SQLEngine
    let observer: TransactionObserver

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        guard let observe = observer.current else { return try await base.read(body) }
        let start = ContinuousClock.now
        do {
            let result = try await base.read(body)
            observe(false, start.duration(to: .now), true)
            return result
        } catch {
            observe(false, start.duration(to: .now), false)
            throw error
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        guard let observe = observer.current else { return try await base.write(body) }
        let start = ContinuousClock.now
        do {
            let result = try await base.write(body)
            observe(true, start.duration(to: .now), true)
            return result
        } catch {
            observe(true, start.duration(to: .now), false)
            throw error
        }
    }

    var migrationTableQuery: SQLStatement { base.migrationTableQuery }
    var migrationPrelude: [SQLStatement] { base.migrationPrelude }
    var clockQuery: SQLStatement { base.clockQuery }
    var clockMicroseconds: SQLStatement { base.clockMicroseconds }
    var isServer: Bool { base.isServer }
    var keepLock: SQLStatement { base.keepLock }
    func close() throws(StorageError) { try base.close() }
}
