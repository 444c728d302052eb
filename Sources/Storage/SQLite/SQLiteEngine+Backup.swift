import GRDB

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension SQLStore {
    /// Copies a SQLite database into a new file, as it is at one moment, while others go on reading and writing it.
    ///
    /// The copy is one file, readable by its owner alone, and checked before this returns. The schema stays as it is: a copy
    /// that is made before an upgrade opens with the older version.
    ///
    /// - Throws: `.unsupported` for a server; `.conflict` where there is a file already; `.unavailable`, `.corrupt`.
    package static func backUp(_ location: DatabaseLocation, to path: String) async throws(StorageError) {
        guard case .sqlite(let source) = location.kind else {
            throw .unsupported("a server's own tools copy its databases, such as pg_dump")
        }
        guard !FileManager.default.fileExists(atPath: path) else { throw .conflict("there is a file \(path) already") }
        do {
            try await Task { try copy(source, to: path) }.value
        } catch {
            // Half a copy must never be taken for a whole one.
            try? FileManager.default.removeItem(atPath: path)
            throw SQLiteEngine.storageError(error)
        }
    }

    private static func copy(_ source: String, to path: String) throws {
        try SQLiteEngine.makePrivateFile(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(SQLiteEngine.busySeconds)
        let database = try DatabaseQueue(path: source, configuration: configuration)
        // Reads one snapshot, which in WAL mode holds no writer up, and writes into a file that is there and empty.
        try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        try database.close()
        let copy = try DatabaseQueue(path: path)
        let verdict = try copy.read { try String.fetchOne($0, sql: "PRAGMA quick_check") }
        try copy.close()
        guard verdict == "ok" else { throw StorageError.corrupt("the copy is not sound: \(verdict ?? "no result")") }
    }
}
