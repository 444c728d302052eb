import Foundation
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct SQLiteEngineTests {
    @Test func `the writer syncs in full, in WAL mode, with foreign keys`() async throws {
        try await withStore([.sqlite]) { store, _ in
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
        try await withStore([.sqlite]) { store, address in
            let path = address.dropFirst("sqlite:".count).description
            _ = try await store.seed()
            for file in [path, path + "-wal", path + "-shm"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
            }
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
