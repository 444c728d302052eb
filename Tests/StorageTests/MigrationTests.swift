import StorageTestSupport
import Testing

@testable import Storage

@Suite struct MigrationTests {
    @Test func `a second opening finds what the first wrote and migrates nothing`() async throws {
        try await withStore { store, address in
            _ = try await store.seed()
            let again = try await SQLStore.open(try #require(DatabaseLocation(address)), now: .start)
            #expect(try await again.engine.migrate(now: .start) == [])
            #expect(try await again.environment("env1")?.name == "Test")
            try again.close()
        }
    }

    @Test func `steps of a newer version are left alone`() async throws {
        try await withStore { store, _ in
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
            await #expect(throws: StorageError.self) { try await store.engine.read { try $0.rows("SELECT id FROM half").count } }
        }
    }

    @Test func `many nodes that start at once on an empty database all succeed, and each step is taken once`() async throws {
        for kind in StoreKind.tested {
            try await kind.withDatabase { address in
                let location = try #require(DatabaseLocation(address))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 {
                        group.addTask { try await SQLStore.open(location, now: .start).close() }
                    }
                    try await group.waitForAll()
                }
                let store = try await SQLStore.open(location, now: .start)
                let count = try await store.engine.read { try $0.rows("SELECT id FROM migrations").count }
                #expect(count == Migration.all.count)
                try store.close()
            }
        }
    }
}
