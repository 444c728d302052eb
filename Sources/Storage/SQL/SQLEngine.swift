/// What a database engine does for `SQLStore`: transactions over one portable set of statements.
///
/// A body may run again when the engine has to retry it, so it must have no effect beside the database.
protocol SQLEngine: Sendable {
    /// Runs `body` on one consistent snapshot.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result

    /// Runs `body` in a transaction that is on disk when this returns, and undone when `body` throws.
    ///
    /// It is carried through even when the calling task is cancelled.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result

    /// Finds a row when the table `migrations` exists; each engine keeps its table of tables elsewhere.
    var migrationTableQuery: SQLStatement { get }

    /// What comes first in a transaction that changes the schema, so that of two nodes one waits for the other.
    var migrationPrelude: [SQLStatement] { get }

    /// The time of day of the database, as a `Timestamp`'s text.
    var clockQuery: SQLStatement { get }

    /// The same in microseconds since 1970, as an expression.
    var clockMicroseconds: SQLStatement { get }

    /// What ends a query in a write so that others cannot delete its rows before the transaction has ended.
    var keepLock: SQLStatement { get }

    /// Whether it is a server, which several nodes may share.
    var isServer: Bool { get }

    /// Ends all connections; later calls fail.
    func close() throws(StorageError)
}

/// An open transaction.
protocol SQLSession {
    func rows(_ statement: SQLStatement) throws -> [SQLRow]
    /// Runs a statement that returns no rows; the number of rows it changed.
    @discardableResult func run(_ statement: SQLStatement) throws -> Int
}
