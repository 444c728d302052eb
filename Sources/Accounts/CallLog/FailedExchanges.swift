package import JSON
package import Logging
import Storage
import Synchronization

/// What a provider was sent and how it refused, for calls that failed: sealed, bounded, and for a few days. Off by default.
///
/// It holds what callers sent about people, so it is kept apart from the log, which tokens with scopes may read too.
package final class FailedExchanges: Sendable {
    /// Exchanges that are kept at most; the oldest go first.
    package static let most = 1000
    /// Exchanges that wait to be written at most; further ones are not kept.
    private static let mostWaiting = 100
    /// Of one round of writing, so that a rush of failures is no rush of writes.
    private static let batch = 20

    private struct Waiting: Sendable {
        var request: String
        var environment: String
        var exchange: JSONObject
    }

    private struct State {
        var days = 0
        var waiting: [Waiting] = []
        /// Whether the database may have some: at the start an earlier process may have left them.
        var mayBeStored = true
    }

    private let store: any ExchangeStore
    private let vault: Vault
    private let effects: Effects
    private let state = Mutex(State())

    init(store: any ExchangeStore, vault: Vault, effects: Effects) {
        self.store = store
        self.vault = vault
        self.effects = effects
    }

    /// For how long exchanges are kept; 0: none are.
    package func setDays(_ days: Int) { state.withLock { $0.days = days } }

    package var isKeeping: Bool { state.withLock { $0.days > 0 } }

    /// Has the exchange of a failed request written, soon.
    ///
    /// - Parameter exchange: without secrets, and of bounded size.
    package func keep(_ exchange: JSONObject, request: String, environment: String) {
        state.withLock { state in
            guard state.days > 0, state.waiting.count < Self.mostWaiting else { return }
            state.waiting.append(Waiting(request: request, environment: environment, exchange: exchange))
            state.mayBeStored = true
        }
    }

    /// Writes some of what waits.
    ///
    /// - Throws: the first error. What could not be written is not tried again: its environment may be gone.
    package func flush() async throws(AccountsError) {
        let batch = state.withLock { state in
            let batch = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
        var failure: AccountsError?
        for each in batch {
            do throws(AccountsError) { try await write(each) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func write(_ waiting: Waiting) async throws(AccountsError) {
        let record = try vault.seal(
            waiting.exchange, for: Self.place(waiting.request, waiting.environment), version: 1, at: effects.now())
        _ = try await stored { () async throws(StorageError) in try await store.replaceSealed(record) }
    }

    /// The exchange of a request of this environment; nil where there is none.
    package func find(_ request: String, environment: String) async throws(AccountsError) -> JSONObject? {
        let found = try await stored { () async throws(StorageError) in
            try await store.sealed(request, field: EncryptedRecord.exchangeField)
        }
        guard let found, found.environmentID == environment else { return nil }
        return try vault.open(found, for: Self.place(request, environment))
    }

    /// Removes what is too old or too much; all where none are to be kept any more.
    @discardableResult
    package func purge() async throws(AccountsError) -> Int {
        var removed = 0
        // In small steps, so that no other write waits for long.
        for _ in 0..<20 {
            let oldest = oldest
            let count = try await stored { () async throws(StorageError) in
                try await store.deleteExchanges(before: oldest, beyond: Self.most, limit: 100)
            }
            removed += count
            if count == 0 { break }
        }
        return removed
    }

    /// Nothing is asked of the database any more until something is kept.
    private func nothingIsStored() {
        state.withLock { if $0.days == 0, $0.waiting.isEmpty { $0.mayBeStored = false } }
    }

    private var oldest: Timestamp { effects.now().adding(seconds: -Int64(state.withLock { $0.days }) * 86_400) }

    private static func place(_ request: String, _ environment: String) -> EncryptionContext {
        EncryptionContext(environmentID: environment, ownerID: request, field: EncryptedRecord.exchangeField)
    }

    /// Writes and removes until it is cancelled; then writes a last batch.
    package func run(logger: Logger, interval: Duration = .milliseconds(500)) async {
        var round = 0
        repeat {
            try? await Task.sleep(for: interval)
            let purges = round % 20 == 0 && state.withLock(\.mayBeStored)
            // A cancelled task cannot write: a task of its own.
            let failure = await Task { () -> AccountsError? in
                do throws(AccountsError) {
                    try await flush()
                    if purges, try await purge() == 0 { nothingIsStored() }
                } catch { return error }
                return nil
            }.value
            if let failure {
                logger.warning("Exchanges of failed calls are not kept", metadata: ["error": .string(failure.description)])
            }
            round += 1
        } while !Task.isCancelled
    }
}
