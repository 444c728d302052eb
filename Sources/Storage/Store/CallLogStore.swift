/// The log of calls. Rows are only ever added, read, and removed when there are too many or they are too old.
package protocol CallLogStore: Sendable {
    func appendCalls(_ calls: [CallRecord]) async throws(StorageError)
    /// The newest rows before a place (nil: of all), the newest first, of one environment or all.
    func calls(
        _ filters: [Filter<CallField>], environment: String?, before: Position?, limit: Int
    ) async throws(StorageError) -> Page<CallRecord>
    /// Rows from a time on, the oldest first: what `attache log --follow` reads.
    func calls(
        _ filters: [Filter<CallField>], environment: String?, since: Timestamp, limit: Int
    ) async throws(StorageError) -> [CallRecord]
    /// Removes some of the rows from before a time; how many.
    func deleteCalls(before: Timestamp, limit: Int) async throws(StorageError) -> Int
    /// All rows there are. Looks at every entry of an index.
    func countCalls() async throws(StorageError) -> Int
    /// Removes so many of the oldest rows; how many there were.
    func deleteOldestCalls(_ count: Int) async throws(StorageError) -> Int
}

extension SQLStore: CallLogStore {
    package func appendCalls(_ calls: [CallRecord]) async throws(StorageError) {
        guard !calls.isEmpty else { return }
        try await engine.write { session in
            // An existing row is the same one: the batch was written, but the database's response was lost.
            try session.insert(
                calls.map(\.values), head: "INSERT INTO call_log (\(CallRecord.columnList))",
                tail: "ON CONFLICT (created_at, id) DO NOTHING")
        }
    }

    package func calls(
        _ filters: [Filter<CallField>], environment: String?, before: Position?, limit: Int
    ) async throws(StorageError) -> Page<CallRecord> {
        try await engine.read { session in
            var condition = Self.condition(filters, environment)
            if let before { condition = "\(condition) AND (created_at, id) < (\(before.createdAt), \(before.id))" }
            // One row more than asked for tells whether there is a next page.
            var records: [CallRecord] = try session.all(
                where: "\(condition) ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)")
            guard records.count > limit else { return Page(items: records, next: nil) }
            records.removeLast()
            return Page(items: records, next: records.last.map { Position(createdAt: $0.createdAt, id: $0.id) })
        }
    }

    package func calls(
        _ filters: [Filter<CallField>], environment: String?, since: Timestamp, limit: Int
    ) async throws(StorageError) -> [CallRecord] {
        try await engine.read { session in
            let condition = Self.condition(filters, environment)
            return try session.all(
                where: "\(condition) AND created_at >= \(since) ORDER BY created_at, id LIMIT \(limit)")
        }
    }

    package func deleteCalls(before time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.run(
                """
                DELETE FROM call_log WHERE (created_at, id) IN (
                    SELECT created_at, id FROM call_log WHERE created_at < \(time) ORDER BY created_at, id LIMIT \(limit)
                )
                """)
        }
    }

    package func countCalls() async throws(StorageError) -> Int {
        try await engine.read { session in
            guard var row = try session.rows("SELECT COUNT(*) FROM call_log").first else { return 0 }
            return Int(try row.integer())
        }
    }

    package func deleteOldestCalls(_ count: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.run(
                """
                DELETE FROM call_log WHERE (created_at, id) IN (
                    SELECT created_at, id FROM call_log ORDER BY created_at, id LIMIT \(count)
                )
                """)
        }
    }

    private static func condition(_ filters: [Filter<CallField>], _ environment: String?) -> SQLStatement {
        var condition: SQLStatement = "1 = 1"
        if let environment { condition = "environment_id = \(environment)" }
        for filter in filters { condition = "\(condition) AND \(filter.condition)" }
        return condition
    }
}
