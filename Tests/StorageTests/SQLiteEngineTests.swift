import Foundation
import Testing

@testable import Storage

@Suite struct SQLiteEngineTests {
    @Test func `the writer syncs in full, in WAL mode, with foreign keys`() async throws {
        try await withStore { store, _ in
            for (name, expected) in [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")] {
                let value = try await store.engine.write { session in
                    var row = try session.rows("SELECT CAST(\(raw: name) AS TEXT) FROM pragma_\(raw: name)")[0]
                    return try row.text()
                }
                #expect(value == expected, "\(name)")
            }
        }
    }

    @Test func `the files are for their owner only`() async throws {
        try await withStore { store, path in
            _ = try await store.seed()
            for file in [path, path + "-wal", path + "-shm"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
            }
        }
    }

    @Test func `a second opening finds what the first wrote and migrates nothing`() async throws {
        try await withStore { store, path in
            _ = try await store.seed()
            let again = try SQLiteEngine(path: path)
            #expect(try await again.migrate(now: .start) == [])
            #expect(try await SQLStore(engine: again).environment("env1")?.name == "Test")
            try again.close()
        }
    }

    @Test func `steps of a newer version are left alone`() async throws {
        try await withStore { store, path in
            let newer = Migration(id: "9999-later", statements: ["ALTER TABLE teams ADD COLUMN motto TEXT"])
            #expect(try await store.engine.migrate(to: Migration.all + [newer], now: .start) == ["9999-later"])
            #expect(try await store.engine.migrate(now: .start) == [])
            _ = try await store.seed()
        }
    }

    @Test func `a step that fails leaves nothing behind`() async throws {
        try await withStore { store, _ in
            let broken = Migration(id: "9999-broken", statements: ["CREATE TABLE half (id TEXT)", "NONSENSE"])
            await #expect(throws: StorageError.self) {
                try await store.engine.migrate(to: Migration.all + [broken], now: .start)
            }
            let tables = try await store.engine.read {
                try $0.rows("SELECT name FROM sqlite_master WHERE name = 'half'").count
            }
            #expect(tables == 0)
        }
    }

    @Test func `a cancelled task's write is carried through`() async throws {
        try await withStore { store, _ in
            let team = TeamRecord(id: "team", name: "Team", createdAt: .start, updatedAt: .start)
            let (gate, open) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in gate { break }
                #expect(Task.isCancelled)
                try await store.insertTeam(team)
            }
            task.cancel()
            open.finish()
            try await task.value
            #expect(try await store.team("team") == team)
        }
    }

    @Test func `a file that is no database is named corrupt`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)").path
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        await #expect { try await SQLStore.open(.sqlite(path: path), now: .start) } throws: {
            ($0 as? StorageError)?.code == .corrupt
        }
    }
}
