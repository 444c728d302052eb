package import JSON
package import Logging
package import Storage
import Synchronization

/// The log of calls: written in batches, off the calls' path, and bounded by age and by number.
package final class CallLogService: Sendable {
    /// What is kept of the log.
    package struct Bounds: Sendable, Hashable {
        /// Rows that are older go.
        package var days = 14
        /// Beyond so many rows the oldest go.
        package var rows = 1_000_000
        /// For how many days failed calls keep their exchange; 0: they keep none.
        package var failureDays = 0

        package init() {}
    }

    /// Rows of one page of `GET /log`.
    package static let largestPage = 100
    /// Rows that are written in one piece.
    private static let batch = 1000
    /// Pieces that are removed in one transaction: its lock is soon given to others.
    private static let pieces = 500

    let store: any CallLogStore
    private let effects: Effects
    private let queue: Mutex<CallQueue>
    private let bounds = Mutex(Bounds())
    private let size = Mutex(LogSize())

    /// - Parameter capacity: rows that wait at most; those beyond it are dropped, and counted.
    init(store: any CallLogStore, effects: Effects, capacity: Int = 10_000) {
        self.store = store
        self.effects = effects
        queue = Mutex(CallQueue(capacity: capacity))
    }

    package func setBounds(_ bounds: Bounds) { self.bounds.withLock { $0 = bounds } }

    /// The time of day, for a row that is made now.
    package var now: Timestamp { effects.now() }

    /// Has a row written, soon.
    package func add(_ call: CallRecord) { queue.withLock { $0.append(call) } }

    /// Rows that were dropped since the start, as the database did not take them in time.
    package var dropped: Int { queue.withLock { $0.dropped } }

    /// Writes what waits.
    ///
    /// - Throws: `.storage`; what was not written waits on.
    package func flush() async throws(AccountsError) {
        while true {
            let rows = queue.withLock { $0.take(Self.batch) }
            guard !rows.isEmpty else { return }
            do {
                try await stored { () async throws(StorageError) in try await store.appendCalls(rows) }
            } catch {
                queue.withLock { $0.putBack(rows) }
                throw error
            }
            size.withLock { $0.added(rows.count) }
        }
    }

    /// Removes what is too old or too much.
    ///
    /// - Returns: how many rows.
    @discardableResult
    package func purge() async throws(AccountsError) -> Int {
        let bounds = bounds.withLock { $0 }
        let oldest = effects.now().adding(seconds: -Int64(bounds.days) * 86_400)
        try await adopt()
        var removed = 0
        // In small steps, so that no other write waits for long.
        for _ in 0..<200 {
            let count = try await stored { () async throws(StorageError) in
                try await store.deleteCalls(before: oldest, pieces: Self.pieces)
            }
            guard count > 0 else { break }
            size.withLock { $0.removed(count) }
            removed += count
        }
        return removed + (try await removeExcess(most: bounds.rows))
    }

    /// Takes over what a version that wrote single rows has left, or still writes beside this one.
    private func adopt() async throws(AccountsError) {
        while try await stored({ () async throws(StorageError) in try await store.adoptCalls(Self.batch) }) > 0 {}
    }

    private func removeExcess(most: Int) async throws(AccountsError) -> Int {
        let now = effects.uptime()
        guard size.withLock({ $0.isToBeCounted(most: most, at: now) }) else { return 0 }
        let rows = try await stored { () async throws(StorageError) in try await store.countCalls() }
        size.withLock { $0.counted(rows, at: now) }
        var left = LogSize.excess(rows, most: most)
        while left > 0 {
            let step = min(left, 10 * Self.batch)
            let count = try await stored { () async throws(StorageError) in try await store.deleteOldestCalls(step) }
            size.withLock { $0.removed(count) }
            left -= count
            // Another node has removed them, or they are fewer than the oldest piece has.
            if count == 0 { break }
        }
        return LogSize.excess(rows, most: most) - left
    }

    /// Writes and removes until it is cancelled; then writes what is left.
    ///
    /// - Parameter interval: between two writes; with what a write takes it is less than a second.
    package func run(logger: Logger, interval: Duration = .milliseconds(500)) async {
        var (purged, failing): (ContinuousClock.Instant?, Bool) = (nil, false)
        repeat {
            try? await Task.sleep(for: interval)
            // A cancelled task cannot write, but the last rows are to be: a task of its own.
            let failure = await Task { () -> AccountsError? in
                do throws(AccountsError) { try await flush() } catch { return error }
                return nil
            }.value
            if let failure, !failing {
                logger.warning("The log of calls is not written", metadata: ["error": .string(failure.description)])
            }
            failing = failure != nil
            if !failing, purged.map({ $0.duration(to: .now) > .seconds(60) }) ?? true {
                _ = try? await purge()
                purged = .now
            }
        } while !Task.isCancelled
    }

    /// A page of the newest calls, the newest first, of one environment or all.
    ///
    /// - Parameters:
    ///   - cursor: the `nextCursor` of the page before; nil or empty for the first.
    ///   - limit: moved into 1 to `largestPage`.
    /// - Throws: `.invalidCursor`; `.invalid` for a filter that cannot be compared.
    package func latest(
        _ filters: [Filter<CallField>] = [], environment: String? = nil, cursor: String? = nil, limit: Int = largestPage
    ) async throws(AccountsError) -> List<CallRecord> {
        for filter in filters { try filter.check() }
        let before = try Cursor.position(cursor)
        let limit = min(max(limit, 1), Self.largestPage)
        let page = try await stored { () async throws(StorageError) in
            try await store.calls(filters, environment: environment, before: before, limit: limit)
        }
        return List(result: page.items, nextCursor: page.next.map(Cursor.text), limit: limit)
    }

    /// The call of an id; nil where its row is gone, not written yet, or another environment's.
    package func call(_ id: String, environment: String) async throws(AccountsError) -> CallRecord? {
        try await latest([Filter(.id, .eq, [id])], environment: environment, limit: 1).result.first
    }

    /// Calls from a time on, the oldest first.
    package func calls(
        since time: Timestamp, _ filters: [Filter<CallField>] = [], environment: String? = nil, limit: Int = 1000
    ) async throws(AccountsError) -> [CallRecord] {
        for filter in filters { try filter.check() }
        return try await stored { () async throws(StorageError) in
            try await store.calls(filters, environment: environment, since: time, limit: limit)
        }
    }
}

extension CallRecord {
    /// The entry as `GET /log` and `attache log --json` show it.
    package var json: JSONObject {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func number(_ value: Int64?) -> JSONValue { value.map { .number(JSONNumber(Int($0))) } ?? .null }
        return [
            "id": .string(id), "created_at": .string(createdAt.text), "environment_id": .string(environmentID),
            "log_type": .string(type), "request_id": text(requestID), "trace_id": text(traceID),
            "http_method": .string(httpMethod), "route": text(route), "host": text(host), "resource": text(resource),
            "method": text(method), "integration": text(integration), "integrated_account_id": text(accountID),
            "status": number(status), "code": .string(code), "duration_ms": number(durationMS),
            "provider_ms": number(providerMS), "bytes_in": number(bytesIn), "bytes_out": number(bytesOut),
            "retries": number(retries),
        ]
    }
}

/// Rows of the log that wait to be written: bounded, so that a database that is away costs rows and not memory.
struct CallQueue: Sendable {
    private var rows: [CallRecord] = []
    private(set) var dropped = 0
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { rows.count }

    mutating func append(_ row: CallRecord) {
        guard rows.count < capacity else { return dropped += 1 }
        rows.append(row)
    }

    /// Up to `limit` rows, the oldest first.
    mutating func take(_ limit: Int) -> [CallRecord] {
        let taken = Array(rows.prefix(limit))
        rows.removeFirst(taken.count)
        return taken
    }

    /// Rows that could not be written wait again, before those that came meanwhile; what has no room is dropped.
    mutating func putBack(_ taken: [CallRecord]) {
        let room = max(capacity - rows.count, 0)
        rows.insert(contentsOf: taken.suffix(room), at: 0)
        dropped += max(taken.count - room, 0)
    }
}
