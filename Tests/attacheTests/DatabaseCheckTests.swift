import FoundationEssentials
import Testing
import TestSupport

@testable import attache

/// What `attache doctor` finds out about a database, and leaves as it is.
struct DatabaseCheckTests {
    private func place(_ folder: String, keyFile: String? = nil) throws -> DatabasePlace {
        try DatabasePlace(
            Settings(environment: [:]), database: nil, directory: folder, keyFile: keyFile, masterKey: nil)
    }

    @Test func `where there is nothing yet it says so, and nothing is there afterwards`() async throws {
        try await withTemporaryPath { folder in
            let found = try await DatabaseCheck(place: try place(folder)).run()
            #expect(found.contains("none yet"))
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test func `a schema that is not there, or behind, is told and stays as it is`() async throws {
        try await withTemporaryPath { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: "\(folder)/attache.sqlite", contents: nil))
            for _ in 0..<2 {
                let found = try await DatabaseCheck(place: try place(folder)).run()
                #expect(found.contains("from 0001-environments on"), "\(found)")
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/master.key"))
        }
    }

    @Test func `a database that is fine is told with its key, and one without a key is not fine`() async throws {
        try await withTemporaryPath { folder in
            _ = try await OpenDatabase(try place(folder), .making)
            let found = try await DatabaseCheck(place: try place(folder)).run()
            #expect(found.hasPrefix("0 environments; encrypts with key k"))
            let elsewhere = "\(folder)/elsewhere.key"
            await #expect(throws: CommandError.self) {
                try await DatabaseCheck(place: try place(folder, keyFile: elsewhere)).run()
            }
            #expect(!FileManager.default.fileExists(atPath: elsewhere))
        }
    }

    @Test func `a server that is down is named without a second try`() async throws {
        let place = try DatabasePlace(
            Settings(environment: [:]), database: "postgres://127.0.0.1:1/attache", directory: nil, keyFile: nil, masterKey: nil)
        let started = ContinuousClock.now
        let error = await #expect(throws: CommandError.self) { try await DatabaseCheck(place: place).run() }
        #expect(error?.message.contains("postgres://127.0.0.1:1/attache") == true)
        // With the patience of a gateway it would be eight seconds.
        #expect(ContinuousClock.now - started < .seconds(6))
    }

    @Test func `where this user may make nothing, it does not say that all is well`() async throws {
        let error = await #expect(throws: CommandError.self) {
            try await DatabaseCheck(place: try place("/dev/null/data")).run()
        }
        #expect(error?.message.contains("/dev/null is a file") == true)
    }
}
