import Accounts
import ArgumentParser
import JSON
import Storage

/// `attache db`: the database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Manage the database.", subcommands: [Migrate.self, Backup.self]
    )

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the database's schema up to date, or make the database and its master key.",
            discussion: """
                'serve' does the same at its start; run this before where several nodes start at once. For a server, \
                which several nodes share, no key is made here: give each the same one.
                """
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let place = try database.place(try database.settings())
            var record: JSONObject = ["database": .string(place.visibleName), "schema": "up to date"]
            if place.location.file == nil {
                do { try await SQLStore.open(place.location, now: Effects.live.now()).close() } catch {
                    throw CommandError(error, opening: place)
                }
            } else {
                let open = try await OpenDatabase(place, .making)
                if let file = open.newKeyFile { record["new_key_file"] = .string(file) }
                try open.store.close()
            }
            printing.show(record)
        }
    }

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy a SQLite database into a new file, while the gateway runs.",
            discussion: """
                The copy is the database at one moment. Keep a copy of the master key too, and apart from it: without the \
                key nothing encrypted in the database can be read. For PostgreSQL use pg_dump.
                """
        )

        @Argument(help: ArgumentHelp("The file to make.", valueName: "FILE")) var file: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let place = try database.place(try database.settings())
            guard place.location.file != nil else {
                throw CommandError(
                    "'attache db backup' copies SQLite databases", do: "Use pg_dump for \(place.visibleName)")
            }
            try await place.requireDatabase()
            if let reason = Paths.obstacle(toMakingFilesIn: Paths.parent(file)) {
                throw CommandError(reason.capitalizedFirst, do: "Give another place for the copy")
            }
            do { try await SQLStore.backUp(place.location, to: file) } catch {
                if error.code == .conflict {
                    throw CommandError("There is a file \(Paths.absolute(file)) already", do: "Give the name of a new one")
                }
                throw CommandError(error, opening: place)
            }
            printing.show(["database": .string(place.visibleName), "copy": .string(Paths.absolute(file))])
        }
    }
}
