/// One step of the schema, in SQL that SQLite and PostgreSQL read alike.
///
/// A step only ever adds: nodes of the version before it go on working on the changed schema, so a deployment may roll.
/// A step that is released is never edited.
struct Migration: Sendable {
    /// Number and subject; the order of the ids is the order of the steps.
    let id: String
    let statements: [SQLStatement]
    /// What comes behind them where the engine is a server, in its own SQL.
    var onServer: [SQLStatement] = []

    static let all: [Migration] = [
        .environments, .apiTokens, .sealedValues, .installations, .integratedAccounts, .leases,
        .linkTokens, .audit, .webhooks, .idempotency, .rateLimits, .callLog, .fileLinks,
        .failedExchanges, .callBlocks,
    ]
}

extension SQLEngine {
    /// Brings the schema up to date. Steps of a newer version that are there already are left alone.
    ///
    /// - Returns: the ids of the steps taken now.
    @discardableResult
    func migrate(to migrations: [Migration] = Migration.all, now: Timestamp) async throws(StorageError) -> [String] {
        // The usual start finds nothing to do, and then takes no lock.
        guard try await !missingMigrations(of: migrations).isEmpty else { return [] }
        let (prelude, isServer) = (migrationPrelude, isServer)
        return try await write { session in
            for statement in prelude { try session.run(statement) }
            try session.run(
                "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY NOT NULL, taken_at TEXT NOT NULL)"
            )
            let taken = try session.takenMigrations()
            let missing = migrations.filter { !taken.contains($0.id) }
            for migration in missing {
                for statement in migration.statements + (isServer ? migration.onServer : []) { try session.run(statement) }
                try session.run("INSERT INTO migrations (id, taken_at) VALUES (\(migration.id), \(now))")
            }
            return missing.map(\.id)
        }
    }

    /// The ids of the steps that the database has yet to take.
    func missingMigrations(of migrations: [Migration] = Migration.all) async throws(StorageError) -> [String] {
        let isSetUp = migrationTableQuery
        let known = try await read { session in
            try session.rows(isSetUp).isEmpty ? [] : try session.takenMigrations()
        }
        return migrations.map(\.id).filter { !known.contains($0) }
    }
}

extension SQLSession {
    fileprivate func takenMigrations() throws -> Set<String> {
        Set(
            try rows("SELECT id FROM migrations").map { row in
                var row = row
                return try row.text()
            })
    }
}
