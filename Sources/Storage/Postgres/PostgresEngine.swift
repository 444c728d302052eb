/// PostgreSQL, which several nodes share.
///
/// Every transaction stands alone: no session settings, no named prepared statements, no LISTEN. A pooler may give
/// each of them another connection to the server.
struct PostgresEngine: SQLEngine {
    private let pool: PostgresPool
    private let patience: PostgresPatience

    /// Connects when first used.
    ///
    /// - Throws: `.unsupported` where the address cannot be read, or where there is no libpq.
    init(url: String, connections: Int = 8, patience: PostgresPatience = PostgresPatience()) throws(StorageError) {
        let libpq = try LibPQ.required()
        guard PostgresConnection.isAddress(url, libpq) else {
            throw .unsupported("the address of the database is not valid")
        }
        pool = PostgresPool(url: url, libpq, size: connections)
        self.patience = patience
    }

    /// The time-outs end what a node left open that has stopped, and what would hold up all others.
    private static let limits = """
        SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '20s'; \
        SET LOCAL idle_in_transaction_session_timeout = '20s'
        """

    /// Read committed serves: a writer that has waited for a row sees it as it is then, and every write that depends on
    /// an earlier read names the version it has read.
    static let beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE; \(limits)"

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        try await perform("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; \(Self.limits)", isWrite: false, body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        try await perform(Self.beginWrite, isWrite: true, body)
    }

    /// A cancelled task waits like any other: the work is on a thread that knows nothing of tasks.
    private func perform<Result: Sendable>(
        _ begin: String, isWrite: Bool, _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        let deadline = ContinuousClock.now + patience.limit(isWrite: isWrite, hasConnected: pool.hasConnected)
        let result: Swift.Result<Result, StorageError> = await withCheckedContinuation { continuation in
            let isTaken = pool.submit(until: deadline) { slot in
                guard let slot else {
                    return continuation.resume(returning: .failure(.unavailable("PostgreSQL: no connection could be made in time")))
                }
                let transaction = PostgresTransaction(begin: begin, isWrite: isWrite, deadline: deadline)
                continuation.resume(returning: transaction.run(on: slot, body))
            }
            if !isTaken { continuation.resume(returning: .failure(.unavailable("the database is closed"))) }
        }
        return try result.get()
    }

    var migrationTableQuery: SQLStatement {
        """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name = 'migrations'
        """
    }

    /// The number is this program's own; the lock goes with the transaction. Building an index may take its time.
    var migrationPrelude: [SQLStatement] {
        [
            "SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0",
            "SELECT pg_advisory_xact_lock(4705233187016530)",
        ]
    }

    /// Not `now()`, which is that of the transaction's begin, before it waited for a lock.
    var clockQuery: SQLStatement {
        """
        SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        """
    }

    var clockMicroseconds: SQLStatement { "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)" }

    var keepLock: SQLStatement { "FOR KEY SHARE" }

    var isServer: Bool { true }

    func close() throws(StorageError) { pool.close() }
}
