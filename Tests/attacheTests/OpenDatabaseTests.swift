import Accounts
import FoundationEssentials
import JSON
import Storage
import Testing
import TestSupport

@testable import attache

/// Which commands may make a database and a key, and what the others say.
@Suite struct OpenDatabaseTests {
    private func place(_ folder: String) throws -> DatabasePlace {
        try DatabasePlace(Settings(environment: [:]), database: nil, directory: folder, keyFile: nil, masterKey: nil)
    }

    @Test func `using what is not there makes nothing and names the place`() async throws {
        try await withTemporaryPath { folder in
            let error = await #expect(throws: CommandError.self) {
                _ = try await OpenDatabase(try place(folder), .existing)
            }
            #expect(error?.message == "There is no database at \(folder)/attache.sqlite")
            #expect(error?.remedy?.contains("--data-dir") == true)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test func `an empty file is no database of ours`() async throws {
        try await withTemporaryPath { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: "\(folder)/attache.sqlite", contents: nil))
            let error = await #expect(throws: CommandError.self) {
                _ = try await OpenDatabase(try place(folder), .existing)
            }
            #expect(error?.message.hasSuffix("holds no database of Attaché") == true)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/master.key"))
        }
    }

    @Test(arguments: [DatabaseAccess.making, .existing])
    func `a database restored without its key is told so, and gets no other`(access: DatabaseAccess) async throws {
        try await withTemporaryPath { folder in
            let open = try await OpenDatabase(try place(folder), .making)
            let environment = try await open.accounts.environments.create(name: "e").id
            _ = try await open.accounts.integratedAccounts.create(
                NewIntegratedAccount(
                    tenantID: "t", installation: .integration("lever"), authenticationMethod: "api_key",
                    context: Secret(["api_key": "some-key"])),
                environment: environment)
            try open.store.close()
            try FileManager.default.removeItem(atPath: "\(folder)/master.key")
            let error = await #expect(throws: CommandError.self) { _ = try await OpenDatabase(try place(folder), access) }
            #expect(error?.message.contains("There is no master key") == true)
            #expect(error?.message.contains("needs the key \"\(open.vault.currentKeyID)\"") == true)
            #expect(error?.message.contains("\(folder)/master.key") == true)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/master.key"))
        }
    }

    @Test func `a file in the place of the folder is told as what it is`() async throws {
        try await withTemporaryPath { folder in
            #expect(FileManager.default.createFile(atPath: folder, contents: nil))
            let error = await #expect(throws: CommandError.self) { _ = try await OpenDatabase(try place(folder), .making) }
            #expect(error?.message == "\(folder) is a file, not a folder")
        }
    }

    @Test func `paths are told in full`() {
        let here = FileManager.default.currentDirectoryPath
        #expect(Paths.absolute("attache-data/x") == "\(here)/attache-data/x")
        #expect(Paths.absolute("./x") == "\(here)/x")
        #expect(Paths.absolute("/x/y") == "/x/y")
        #expect(Paths.parent("/x/y") == "/x" && Paths.parent("/x") == "/")
        #expect(Paths.obstacle(toMakingFilesIn: "/dev/null/x")?.contains("/dev/null is a file") == true)
    }

    @Test func `an environment is found by id or name, and told with its place where not`() async throws {
        try await withTemporaryPath { folder in
            let open = try await OpenDatabase(try place(folder), .making)
            let made = try await open.accounts.environments.create(name: "one")
            let all = try await open.accounts.environments.list().result
            #expect(try all.one("one", in: open.place).id == made.id)
            #expect(try all.one(made.id, in: open.place).id == made.id)
            let error = #expect(throws: CommandError.self) { try all.one("two", in: open.place) }
            #expect(error?.message == "There is no environment 'two' in \(folder)/attache.sqlite")
            let twice = #expect(throws: CommandError.self) { try (all + all).one("one", in: open.place) }
            #expect(twice?.message == "2 environments are called 'one'")
        }
    }
}
