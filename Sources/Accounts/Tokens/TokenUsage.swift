import Storage
import Synchronization

/// Gathers when tokens were last used, so that a busy token costs one write a minute and not one a call.
final class TokenUsage: Sendable {
    private let store: any TokenStore
    private let pending = Mutex<[String: Timestamp]>([:])
    private static let grainSeconds: Int64 = 60

    init(store: any TokenStore) { self.store = store }

    func note(_ token: APIToken, at now: Timestamp) {
        if let known = token.lastUsedAt, now < known.adding(seconds: Self.grainSeconds) { return }
        pending.withLock { $0[token.id] = now }
    }

    func flush() async throws(AccountsError) {
        let batch = pending.withLock { pending in
            defer { pending = [:] }
            return pending
        }
        guard !batch.isEmpty else { return }
        do {
            try await store.touchTokens(batch)
        } catch {
            pending.withLock { $0.merge(batch) { now, _ in now } }
            throw .storage(error)
        }
    }
}
