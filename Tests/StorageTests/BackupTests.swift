import Foundation
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct BackupTests {
    @Test func `a copy that is made while others write is whole, sound and opens by itself`() async throws {
        try await withStore([.sqlite]) { store, address in
            _ = try await store.seed()
            let location = try #require(DatabaseLocation(address))
            let copy = FileManager.default.temporaryDirectory.appending(path: "copy-\(UUID().uuidString).sqlite").path()
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<50 {
                    group.addTask { try await store.insertAccount(account("a\(id)"), sealed: .replace(sealed("a\(id)"))) }
                }
                group.addTask { try await SQLStore.backUp(location, to: copy) }
                try await group.waitForAll()
            }
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let restored = try await SQLStore.open(try #require(DatabaseLocation(copy)), now: .start)
            #expect(try await restored.environment("env1")?.name == "Test")
            // An account and its credentials are written together, so the copy has both or neither.
            let accounts = try await restored.accounts(Listing(), environment: "env1").items
            for found in accounts { #expect(try await restored.account(found.id, environment: "env1")?.secrets != nil) }
            try await restored.insertAccount(account("later"), sealed: .keep)
            try restored.close()
        }
    }

    @Test func `a file that is there is left alone`() async throws {
        try await withStore([.sqlite]) { _, address in
            let location = try #require(DatabaseLocation(address))
            let file = FileManager.default.temporaryDirectory.appending(path: "mine-\(UUID().uuidString)").path()
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Data("mine".utf8).write(to: URL(filePath: file))
            let error = await #expect(throws: StorageError.self) { try await SQLStore.backUp(location, to: file) }
            #expect(error?.code == .conflict)
            #expect(FileManager.default.contents(atPath: file) == Data("mine".utf8))
        }
    }

    @Test func `a server is not copied`() async throws {
        let location = try #require(DatabaseLocation("postgres://user@host/name"))
        let error = await #expect(throws: StorageError.self) { try await SQLStore.backUp(location, to: "/nowhere/copy") }
        #expect(error?.code == .unsupported)
    }
}
