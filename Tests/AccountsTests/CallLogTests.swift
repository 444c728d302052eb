import Logging
import Storage
import Synchronization
import Testing

@testable import Accounts

@Suite struct CallQueueTests {
    func call(_ id: Int) -> CallRecord {
        CallRecord(
            createdAt: Timestamp(millisecondsSinceEpoch: Int64(id)), id: "\(id)", environmentID: "e", type: "platform",
            httpMethod: "GET", code: "ok", durationMS: 1)
    }

    @Test func `a full queue drops what is new, and counts it`() {
        var queue = CallQueue(capacity: 3)
        for id in 0..<5 { queue.append(call(id)) }
        #expect(queue.take(2).map(\.id) == ["0", "1"])
        #expect(queue.dropped == 2 && queue.count == 1)
    }

    @Test func `what could not be written waits before what came meanwhile, as far as there is room`() {
        var queue = CallQueue(capacity: 4)
        for id in 0..<3 { queue.append(call(id)) }
        let taken = queue.take(3)
        for id in 3..<5 { queue.append(call(id)) }
        queue.putBack(taken)
        #expect(queue.dropped == 1)
        #expect(queue.take(9).map(\.id) == ["1", "2", "3", "4"])
    }

    @Test func `rows that a database did not take are written later, each once`() async throws {
        let store = FlakyLog()
        let log = CallLogService(store: store, effects: .live, capacity: 2000)
        for id in 0..<1200 { log.add(call(id)) }
        store.fails.withLock { $0 = 1 }
        await #expect(throws: AccountsError.self) { try await log.flush() }
        try await log.flush()
        #expect(store.rows.withLock { $0 }.map(\.id) == (0..<1200).map(String.init))
        #expect(log.dropped == 0)
    }

    @Test func `what waits when the service ends is written`() async {
        let store = FlakyLog()
        let log = CallLogService(store: store, effects: .live)
        log.add(call(1))
        let task = Task { await log.run(logger: Logger(label: "test"), interval: .seconds(3600)) }
        task.cancel()
        await task.value
        #expect(store.rows.withLock { $0 }.count == 1)
    }
}

/// When the rows of the log are counted, and how many of them go.
@Suite struct LogSizeTests {
    @Test(arguments: [(0, 0), (100, 0), (200, 0), (201, 3), (1000, 802)])
    func `beyond the bound a hundredth of it goes too`(rows: Int, excess: Int) {
        #expect(LogSize.excess(rows, most: 200) == excess)
    }

    @Test(arguments: [
        (added: 0, removed: 0, seconds: 0, isDue: false), (100, 0, 0, false), (101, 0, 0, true), (120, 20, 30, false),
        (0, 0, 3599, false), (0, 0, 3600, true),
    ])
    func `they are counted again where there may be too many, or after an hour`(
        added: Int, removed: Int, seconds: Int, isDue: Bool
    ) {
        var size = LogSize()
        #expect(size.isToBeCounted(most: 200, at: .seconds(5)))
        size.counted(100, at: .seconds(5))
        size.added(added)
        size.removed(removed)
        #expect(size.isToBeCounted(most: 200, at: .seconds(5 + seconds)) == isDue)
    }

    @Test func `a log that is full is not counted for each row that comes`() async throws {
        let store = FlakyLog()
        let log = CallLogService(store: store, effects: .live)
        var bounds = CallLogService.Bounds()
        bounds.rows = 1000
        log.setBounds(bounds)
        for id in 0..<2000 {
            log.add(CallQueueTests().call(id))
            try await log.flush()
            try await log.purge()
            #expect(store.rows.withLock { $0.count } <= 1000)
        }
        #expect(store.rows.withLock { $0 }.last?.id == "1999")
        // At the start, and once for each hundredth of the bound.
        #expect(store.counts.withLock { $0 } <= 102)
    }
}

/// A log that does not take the next writes.
private final class FlakyLog: CallLogStore {
    let rows = Mutex<[CallRecord]>([])
    let fails = Mutex(0)
    let counts = Mutex(0)

    func appendCalls(_ calls: [CallRecord]) async throws(StorageError) {
        let isDown = fails.withLock { left in
            left -= 1
            return left >= 0
        }
        if isDown { throw .unavailable("down") }
        rows.withLock { $0 += calls }
    }
    func calls(
        _: [Filter<CallField>], environment: String?, before: Position?, limit: Int
    ) async throws(StorageError) -> Page<CallRecord> { Page(items: [], next: nil) }
    func calls(
        _: [Filter<CallField>], environment: String?, since: Timestamp, limit: Int
    ) async throws(StorageError) -> [CallRecord] { [] }
    func adoptCalls(_ count: Int) async throws(StorageError) -> Int { 0 }
    func deleteCalls(before: Timestamp, pieces: Int) async throws(StorageError) -> Int { 0 }
    func countCalls() async throws(StorageError) -> Int {
        counts.withLock { $0 += 1 }
        return rows.withLock { $0.count }
    }
    func deleteOldestCalls(_ count: Int) async throws(StorageError) -> Int {
        rows.withLock { rows in
            let count = min(count, rows.count)
            rows.removeFirst(count)
            return count
        }
    }
}
