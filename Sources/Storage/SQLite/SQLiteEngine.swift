import GRDB

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// SQLite in WAL mode: one writer, readers beside it, all in this process or in several on one machine.
struct SQLiteEngine: SQLEngine {
    private let pool: DatabasePool

    /// For how long one writer waits for another.
    static let busySeconds: TimeInterval = 15

    /// Opens the file, or makes it readable by its owner only.
    init(path: String) async throws(StorageError) {
        do {
            try Self.makePrivateFile(path)
            pool = try await Self.openPool(path)
        } catch {
            throw Self.storageError(error)
        }
    }

    /// Turning WAL on locks the whole file, and while another node does the same SQLite fails at once: its busy time-out
    /// does not cover that step.
    private static func openPool(_ path: String) async throws -> DatabasePool {
        let deadline = ContinuousClock.now + .seconds(busySeconds)
        while true {
            do {
                return try makePool(path)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && .now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private static func makePool(_ path: String) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration)
        // NORMAL would outlive a killed process, but may lose the last commits with the machine's power. A lost
        // commit can be a rotated refresh token, which no one can bring back, and writes are rare: pay the fsync.
        // Here and not in `prepareDatabase`, because GRDB sets NORMAL after that when it turns WAL on.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        return configuration
    }

    /// The -wal and -shm files take the mode of the database file, so it is set before SQLite makes them.
    static func makePrivateFile(_ path: String) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: path) else { return }
        if !files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) {
            throw StorageError.unavailable("cannot create \(path)")
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        do {
            return try await pool.read { try body(SQLiteSession(db: $0)) }
        } catch {
            throw Self.storageError(error)
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(StorageError) -> Result {
        do {
            // A task of its own: GRDB undoes the write of a cancelled task, but what a caller who hung up has begun,
            // such as storing a rotated refresh token, must be ended.
            return try await Task { [pool] in try await pool.write { try body(SQLiteSession(db: $0)) } }.value
        } catch {
            throw Self.storageError(error)
        }
    }

    var migrationTableQuery: SQLStatement {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    }

    /// SQLite has one writer at a time as it is.
    var migrationPrelude: [SQLStatement] { [] }

    var clockQuery: SQLStatement { "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" }

    /// 1970 begins with the Julian day 2440587.5.
    var clockMicroseconds: SQLStatement { "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)" }

    /// There is one writer at a time.
    var keepLock: SQLStatement { "" }

    var isServer: Bool { false }

    func close() throws(StorageError) {
        do { try pool.close() } catch { throw Self.storageError(error) }
    }
}

private struct SQLiteSession: SQLSession {
    let db: Database

    private func prepared(_ statement: SQLStatement) throws -> (Statement, StatementArguments) {
        let arguments = statement.values.map { value -> DatabaseValue in
            switch value {
            case .null: .null
            case .integer(let number): number.databaseValue
            case .text(let text): text.databaseValue
            }
        }
        return (try db.cachedStatement(sql: statement.text { _ in "?" }), StatementArguments(arguments))
    }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] {
        let (prepared, arguments) = try prepared(statement)
        var rows: [SQLRow] = []
        let cursor = try Row.fetchCursor(prepared, arguments: arguments)
        while let row = try cursor.next() {
            rows.append(
                SQLRow(
                    try row.databaseValues.map { value in
                        switch value.storage {
                        case .null: .null
                        case .int64(let number): .integer(number)
                        case .string(let text): .text(text)
                        case .double, .blob: throw StorageError.corrupt("a column is neither text nor a whole number")
                        }
                    }))
        }
        return rows
    }

    @discardableResult func run(_ statement: SQLStatement) throws -> Int {
        let (prepared, arguments) = try prepared(statement)
        try prepared.execute(arguments: arguments)
        return db.changesCount
    }
}

extension SQLiteEngine {
    /// Messages name the constraint and never the values.
    static func storageError(_ error: any Error) -> StorageError {
        if let error = error as? StorageError { return error }
        guard let error = error as? DatabaseError else { return .unavailable("\(error)") }
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            return .conflict(error.message ?? "a unique value exists already")
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return .reference
        default: break
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt(error.message ?? "the file is not a sound database")
        default: return .unavailable("SQLite \(error.resultCode.rawValue): \(error.message ?? "unknown error")")
        }
    }
}
