/// The log of calls. Rows are only ever added, read, and removed when there are too many or they are too old.
package protocol CallLogStore: Sendable {
    /// Adds the rows in one piece, which is removed in one piece too.
    func appendCalls(_ calls: [CallRecord]) async throws(StorageError)
    /// The newest rows before a place (nil: of all), the newest first, of one environment or all.
    func calls(
        _ filters: [Filter<CallField>], environment: String?, before: Position?, limit: Int
    ) async throws(StorageError) -> Page<CallRecord>
    /// Rows from a time on, the oldest first: what `attache log --follow` reads.
    func calls(
        _ filters: [Filter<CallField>], environment: String?, since: Timestamp, limit: Int
    ) async throws(StorageError) -> [CallRecord]
    /// Removes up to `pieces` of those whose rows are all from before a time; how many rows went.
    func deleteCalls(before: Timestamp, pieces: Int) async throws(StorageError) -> Int
    /// All rows there are. Looks at every piece.
    func countCalls() async throws(StorageError) -> Int
    /// Removes the oldest pieces, of no more than so many rows together; how many rows went.
    func deleteOldestCalls(_ count: Int) async throws(StorageError) -> Int
    /// Puts up to so many rows that a version without pieces has written into one, the oldest first; how many there were.
    func adoptCalls(_ count: Int) async throws(StorageError) -> Int
}

extension SQLStore: CallLogStore {
    package func appendCalls(_ calls: [CallRecord]) async throws(StorageError) {
        guard !calls.isEmpty else { return }
        let block = CallBlock(calls)
        try await engine.write { try $0.add(block) }
    }

    package func calls(
        _ filters: [Filter<CallField>], environment: String?, before: Position?, limit: Int
    ) async throws(StorageError) -> Page<CallRecord> {
        // One row more than asked for tells whether there is a next page.
        var calls = try await scan(.newestFirst(before: before), CallCondition(filters, environment: environment), limit + 1)
        guard calls.count > limit else { return Page(items: calls, next: nil) }
        calls.removeLast()
        return Page(items: calls, next: calls.last.map { Position(createdAt: $0.createdAt, id: $0.id) })
    }

    package func calls(
        _ filters: [Filter<CallField>], environment: String?, since: Timestamp, limit: Int
    ) async throws(StorageError) -> [CallRecord] {
        try await scan(.oldestFirst(since: since), CallCondition(filters, environment: environment), limit)
    }

    package func deleteCalls(before time: Timestamp, pieces: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.removeOldest(pieces, where: "last_at < \(time)") { _ in true }
        }
    }

    package func countCalls() async throws(StorageError) -> Int {
        try await engine.read { session in
            guard var row = try session.rows("SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM call_blocks").first else {
                return 0
            }
            return Int(try row.integer())
        }
    }

    package func deleteOldestCalls(_ count: Int) async throws(StorageError) -> Int {
        try await engine.write { session in try session.removeOldest(count, where: "1 = 1") { $0 <= count } }
    }

    package func adoptCalls(_ count: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            let rows = try session.rows(
                """
                DELETE FROM call_log WHERE (created_at, id) IN (
                    SELECT created_at, id FROM call_log ORDER BY created_at, id LIMIT \(count)
                ) RETURNING \(raw: CallRecord.columnList)
                """)
            var calls: [CallRecord] = []
            for var row in rows { calls.append(try CallRecord(row: &row)) }
            calls.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            if !calls.isEmpty { try session.add(CallBlock(calls)) }
            return calls.count
        }
    }

    private func scan(
        _ order: CallScan.Order, _ condition: CallCondition, _ limit: Int
    ) async throws(StorageError) -> [CallRecord] {
        try await engine.read { session in
            var scan = CallScan(order, limit: limit)
            var last: CallBlock?
            while true {
                let blocks = try session.blocks(order, condition.ofBlocks, after: last)
                for block in blocks {
                    scan.add(try block.body.calls(condition))
                    if scan.isComplete(after: block) { return scan.calls }
                }
                guard blocks.count == SQLStore.blocksAtOnce else { return scan.calls }
                last = blocks.last
            }
        }
    }

    /// So many blocks of a reading are in memory together.
    fileprivate static let blocksAtOnce = 16
}

extension SQLSession {
    fileprivate func add(_ block: CallBlock) throws {
        // An existing block is the same one: it was written, but the database's response was lost.
        try run(
            """
            INSERT INTO call_blocks (\(raw: CallBlock.columnList)) VALUES (\(list: block.values))
            ON CONFLICT (last_at, id) DO NOTHING
            """)
    }

    /// The next blocks of a reading.
    fileprivate func blocks(_ order: CallScan.Order, _ condition: SQLStatement, after last: CallBlock?) throws -> [CallBlock] {
        var condition = condition
        let direction: SQLStatement
        switch order {
        case .newestFirst(let before):
            if let before { condition = "\(condition) AND first_at <= \(before.createdAt)" }
            if let last { condition = "\(condition) AND (last_at, id) < (\(last.lastAt), \(last.id))" }
            direction = "last_at DESC, id DESC"
        case .oldestFirst(let since):
            condition = "\(condition) AND last_at >= \(since)"
            if let last { condition = "\(condition) AND (first_at, id) > (\(last.firstAt), \(last.id))" }
            direction = "first_at, id"
        }
        return try all(where: "\(condition) ORDER BY \(direction) LIMIT \(SQLStore.blocksAtOnce)")
    }

    /// Removes up to `pieces` of the oldest blocks, as long as their rows together are few enough; how many rows went.
    fileprivate func removeOldest(
        _ pieces: Int, where condition: SQLStatement, while isFewEnough: (Int) -> Bool
    ) throws -> Int {
        let found = try rows("SELECT last_at, id, calls FROM call_blocks WHERE \(condition) ORDER BY last_at, id LIMIT \(pieces)")
        var (removed, end): (Int, Position?) = (0, nil)
        for var row in found {
            let place = Position(createdAt: try row.time(), id: try row.text())
            let calls = Int(try row.integer())
            guard isFewEnough(removed + calls) else { break }
            (removed, end) = (removed + calls, place)
        }
        guard let end else { return 0 }
        try run("DELETE FROM call_blocks WHERE (last_at, id) <= (\(end.createdAt), \(end.id))")
        return removed
    }
}
