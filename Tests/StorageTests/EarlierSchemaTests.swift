import Foundation
import GRDB
import StorageTestSupport
import Testing

@testable import Storage

/// Databases that earlier versions made, as SQL in `Schemas/`. A file is added with each step of the schema and never edited.
@Suite struct EarlierSchemaTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Schemas")
    static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()) ?? []

    @Test(arguments: names)
    func `a database of an earlier version is brought up to date with all that is in it`(name: String) async throws {
        let sql = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).sqlite").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var unordered = Configuration()
        // A dump has rows before those that they point to.
        unordered.foreignKeysEnabled = false
        let earlier = try DatabaseQueue(path: path, configuration: unordered)
        try await earlier.writeWithoutTransaction { try $0.execute(sql: sql) }
        try earlier.close()

        let location = try #require(DatabaseLocation(path))
        let missing = try await SQLStore.missingMigrations(location)
        #expect(!missing.isEmpty && !SQLStore.isNew(missing: missing))
        let store = try await SQLStore.open(location, now: .start)
        let environment = try #require(try await store.environments(Listing()).items.first { $0.name == "production" })
        let accounts = try await store.accounts(Listing(), environment: environment.id).items
        #expect(accounts.map(\.tenantID) == ["acme"])
        #expect(try await store.account(accounts[0].id, environment: environment.id)?.secrets != nil)
        #expect(try await store.tokens(Listing(), environment: environment.id).items.map(\.name) == ["backend"])
        let audit = try await store.auditEntries(after: 0, environment: nil, limit: 100)
        #expect(audit.count > 2 && audit.allSatisfy(\.isSound))
        // The log's rows before 0015; earlier still there was no log.
        #expect(try await store.adoptCalls(10) == (name < "0012" ? 0 : 2))
        #expect(try await store.countCalls() == (name < "0012" ? 0 : 2))
        #expect(try await store.engine.migrate(now: .start) == [])
        try store.close()

        // Now as a new one, table by table and column by column.
        let fresh = path + ".new"
        defer { try? FileManager.default.removeItem(atPath: fresh) }
        try await SQLStore.open(try #require(DatabaseLocation(fresh)), now: .start).close()
        let (found, wanted) = (try await schema(path), try await schema(fresh))
        #expect(found == wanted)
    }

    @Test func `there is at least one of them`() { #expect(!Self.names.isEmpty) }

    private func schema(_ path: String) async throws -> [String] {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try await database.read { db in
            try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        }
    }
}
