import Synchronization

/// Values read from elsewhere, each for a short time; callers that miss at once share one read.
///
/// A value's age counts from before its read, so what a caller gets was true at most `lifetime` ago.
/// Bounded: when full, an entry that was not used since the hand last passed it goes (second chance).
final class FreshCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        /// Nil once dropped: the entry keeps its place in the ring, but nothing secret stays in memory.
        var value: Value?
        var readAt: Duration
        var wasUsed: Bool
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var ring: [Key] = []
        var hand = 0
        var reads: [Key: (number: UInt64, task: Task<Result<Value?, AccountsError>, Never>)] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let lifetime: Duration
    private let capacity: Int
    private let uptime: @Sendable () -> Duration

    init(lifetime: Duration, capacity: Int, uptime: @escaping @Sendable () -> Duration) {
        self.lifetime = lifetime
        self.capacity = max(1, capacity)
        self.uptime = uptime
    }

    /// The cached value, or what `read` gives. A nil or an error is not kept.
    ///
    /// `read` is given the value that was there and is too old, so that it need not make an equal one anew.
    func value(
        _ key: Key, read: @escaping @Sendable (Value?) async throws(AccountsError) -> Value?
    ) async throws(AccountsError) -> Value? {
        let now = uptime()
        let found: Found = state.withLock { state in
            let entry = state.entries[key]
            if let entry, let value = entry.value, now - entry.readAt < lifetime {
                if !entry.wasUsed { state.entries[key]?.wasUsed = true }
                return .value(value)
            }
            if let running = state.reads[key] { return .read(running.task) }
            state.lastNumber += 1
            let number = state.lastNumber
            // Unstructured on purpose: a caller that goes away must not take the read from those who share it.
            let task = Task { [old = entry?.value] in
                await self.run(number, key, startedAt: now) { () async throws(AccountsError) in try await read(old) }
            }
            state.reads[key] = (number, task)
            return .read(task)
        }
        switch found {
        case .value(let value): return value
        case .read(let task): return try await task.value.get()
        }
    }

    private enum Found {
        case value(Value)
        case read(Task<Result<Value?, AccountsError>, Never>)
    }

    private func run(
        _ number: UInt64, _ key: Key, startedAt: Duration,
        _ read: @Sendable () async throws(AccountsError) -> Value?
    ) async -> Result<Value?, AccountsError> {
        let result: Result<Value?, AccountsError>
        do { result = .success(try await read()) } catch { result = .failure(error) }
        state.withLock { state in
            // Another number: `drop` was called since, and this value may be from before the change.
            guard state.reads[key]?.number == number else { return }
            state.reads[key] = nil
            if case .success(let value?) = result {
                insert(key, Entry(value: value, readAt: startedAt, wasUsed: false), &state)
            } else {
                state.entries[key]?.value = nil
            }
        }
        return result
    }

    /// Forgets a value that has changed; a read that began before is not kept.
    func drop(_ key: Key) {
        state.withLock { state in
            state.entries[key]?.value = nil
            state.reads[key] = nil
        }
    }

    var count: Int { state.withLock { $0.entries.count } }

    private func insert(_ key: Key, _ entry: Entry, _ state: inout State) {
        if state.entries.updateValue(entry, forKey: key) != nil { return }
        guard state.ring.count >= capacity else {
            state.ring.append(key)
            return
        }
        while true {
            let place = state.hand
            state.hand = (place + 1) % state.ring.count
            let old = state.ring[place]
            if state.entries[old]?.wasUsed == true {
                state.entries[old]?.wasUsed = false
            } else {
                state.entries[old] = nil
                state.ring[place] = key
                return
            }
        }
    }
}
