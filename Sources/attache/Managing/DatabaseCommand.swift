import Accounts
import ArgumentParser
import JSON
import Storage

/// `attache db`: the database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Manage the database.", subcommands: [Migrate.self]
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
}
