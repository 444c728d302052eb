/// The store on an SQL database: one set of statements for every engine.
package struct SQLStore: Sendable {
    let engine: any SQLEngine
    let announcement: OutboxEvent?
    /// Observes transactions once it has an observer.
    package let transactions: TransactionObserver

    init(
        engine: any SQLEngine, announcement: OutboxEvent? = nil,
        transactions: TransactionObserver = TransactionObserver()
    ) {
        self.engine = engine
        self.transactions = transactions
        self.announcement = announcement
    }

    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    ///
    /// - Throws: `StorageError`: `.unavailable`, `.busy`, `.corrupt`, `.unsupported`.
    package static func open(_ location: DatabaseLocation, now: Timestamp) async throws(StorageError) -> SQLStore {
        try await open(location, now: now, patience: PostgresPatience())
    }

    static func open(
        _ location: DatabaseLocation, now: Timestamp, patience: PostgresPatience
    ) async throws(StorageError) -> SQLStore {
        let engine = try await engine(location, patience: patience)
        do {
            try await engine.migrate(now: now)
        } catch {
            try? engine.close()
            throw error
        }
        let transactions = TransactionObserver()
        return SQLStore(engine: MeasuredEngine(base: engine, observer: transactions), transactions: transactions)
    }
}

extension SQLStore {
    /// The steps of the schema that the next `open` takes; the database, which has to be there, stays as it is.
    ///
    /// - Parameter patience: for how long a server that cannot be reached is asked again.
    /// - Throws: as `open`.
    package static func missingMigrations(
        _ location: DatabaseLocation, patience: Duration = .seconds(8)
    ) async throws(StorageError) -> [String] {
        let engine = try await engine(location, patience: PostgresPatience(write: patience))
        defer { try? engine.close() }
        return try await engine.missingMigrations()
    }

    /// Whether these are all steps there are, so that the database holds nothing of ours.
    package static func isNew(missing: [String]) -> Bool { missing.count == Migration.all.count }

    private static func engine(
        _ location: DatabaseLocation, patience: PostgresPatience
    ) async throws(StorageError) -> any SQLEngine {
        switch location.kind {
        case .sqlite(let path): try await SQLiteEngine(path: path)
        case .postgres(let url): try PostgresEngine(url: url, patience: patience)
        }
    }
}

extension SQLStore: Store {
    package func ping() async throws(StorageError) {
        let clock = engine.clockQuery
        try await engine.read { _ = try $0.rows(clock) }
    }

    package func close() throws(StorageError) { try engine.close() }
}
