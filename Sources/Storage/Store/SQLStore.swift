/// The store on an SQL database: one set of statements for every engine.
public struct SQLStore: Sendable {
    let engine: any SQLEngine
    let announcement: Announcement?

    init(engine: any SQLEngine, announcement: Announcement? = nil) {
        self.engine = engine
        self.announcement = announcement
    }

    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    ///
    /// - Throws: `StorageError`: `.unavailable`, `.busy`, `.corrupt`, `.unsupported`.
    public static func open(_ location: DatabaseLocation, now: Timestamp) async throws(StorageError) -> SQLStore {
        switch location.kind {
        case .sqlite(let path):
            try await open(try SQLiteEngine(path: path), now: now)
        case .postgres(let url):
            try await open(try PostgresEngine(url: url), now: now)
        }
    }

    private static func open(_ engine: some SQLEngine, now: Timestamp) async throws(StorageError) -> SQLStore {
        do {
            try await engine.migrate(now: now)
        } catch {
            try? engine.close()
            throw error
        }
        return SQLStore(engine: engine)
    }
}

extension SQLStore: Store {
    public func close() throws(StorageError) { try engine.close() }
}
