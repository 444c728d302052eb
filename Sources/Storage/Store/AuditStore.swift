/// A store whose writes can carry an entry of the audit log.
package protocol AuditedStore: Sendable {
    /// The same store, whose next writes put the entry into the log, in their own transaction.
    ///
    /// A write that changes nothing leaves no entry.
    func recording(_ entry: AuditEntry) -> Self
}

/// The audit log. There is nothing to change or delete an entry with.
package protocol AuditStore: AuditedStore {
    func appendAudit(_ entry: AuditEntry) async throws(StorageError)
    /// Entries behind `seq` in the order of the chain.
    func auditEntries(
        after seq: Int64, environment: String?, limit: Int
    ) async throws(StorageError) -> [AuditRecord]
    /// The newest entries before `seq` (nil: of all), the newest first.
    func latestAuditEntries(
        before seq: Int64?, environment: String?, limit: Int
    ) async throws(StorageError) -> [AuditRecord]
    /// Where the chain ends by its own account: the last entry's place and hash; 0 and an empty text for no entry.
    func auditHead() async throws(StorageError) -> (seq: Int64, hash: String)
}

extension SQLStore: AuditStore {
    package func recording(_ entry: AuditEntry) -> Self {
        SQLStore(
            engine: AuditingEngine(base: engine, entry: entry), announcement: announcement, transactions: transactions)
    }

    package func appendAudit(_ entry: AuditEntry) async throws(StorageError) {
        try await engine.write { try $0.append(entry) }
    }

    package func auditEntries(
        after seq: Int64, environment: String?, limit: Int
    ) async throws(StorageError) -> [AuditRecord] {
        try await engine.read { session in
            var condition: SQLStatement = "seq > \(seq)"
            if let environment { condition = "\(condition) AND environment_id = \(environment)" }
            return try session.all(where: "\(condition) ORDER BY seq LIMIT \(limit)")
        }
    }

    package func latestAuditEntries(
        before seq: Int64?, environment: String?, limit: Int
    ) async throws(StorageError) -> [AuditRecord] {
        try await engine.read { session in
            var condition: SQLStatement = "seq < \(seq ?? .max)"
            if let environment { condition = "\(condition) AND environment_id = \(environment)" }
            return try session.all(where: "\(condition) ORDER BY seq DESC LIMIT \(limit)")
        }
    }

    package func auditHead() async throws(StorageError) -> (seq: Int64, hash: String) {
        try await engine.read { session in
            guard var row = try session.rows("SELECT seq, hash FROM audit_head WHERE id = 1").first else {
                throw StorageError.corrupt("the audit log has no head")
            }
            return (try row.integer(), try row.text())
        }
    }
}

extension SQLSession {
    /// The head is locked from here to the end of the transaction, so writers append one after another. It is the last
    /// thing that a transaction locks: who holds it waits for nothing else, so two writers cannot lock each other out.
    fileprivate func append(_ entry: AuditEntry) throws {
        guard var row = try rows("UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash").first else {
            throw StorageError.corrupt("the audit log has no head")
        }
        let record = AuditRecord(entry, seq: try row.integer(), after: try row.text())
        try insert(record)
        try run("UPDATE audit_head SET hash = \(record.hash) WHERE id = 1")
    }
}

/// Adds an entry to each transaction that changes something.
private struct AuditingEngine: WrappingEngine {
    let base: any SQLEngine
    let entry: AuditEntry

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result { try await base.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        try await base.write { [entry] session in
            let counting = CountingSession(base: session)
            let result = try body(counting)
            if counting.changes > 0 { try session.append(entry) }
            return result
        }
    }
}

private final class CountingSession: SQLSession {
    let base: any SQLSession
    var changes = 0

    init(base: any SQLSession) { self.base = base }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] {
        let rows = try base.rows(statement)
        if !(statement.literals.first ?? "").hasPrefix("SELECT") { changes += rows.count }
        return rows
    }

    @discardableResult func run(_ statement: SQLStatement) throws -> Int {
        let count = try base.run(statement)
        changes += count
        return count
    }
}
