/// The store on an SQL database: one set of statements for every engine.
public struct SQLStore: Sendable {
    let engine: any SQLEngine

    init(engine: any SQLEngine) { self.engine = engine }

    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    ///
    /// - Throws: `StorageError`: `.unavailable`, `.busy`, `.corrupt`, `.unsupported`.
    public static func open(_ location: DatabaseLocation, now: Timestamp) async throws(StorageError) -> SQLStore {
        switch location.kind {
        case .sqlite(let path):
            let store = SQLStore(engine: try SQLiteEngine(path: path))
            try await store.engine.migrate(now: now)
            return store
        case .postgres:
            throw .unsupported("this build has no PostgreSQL; use sqlite:PATH")
        }
    }

}

extension SQLStore: Store {
    public func close() throws(StorageError) { try engine.close() }
}
