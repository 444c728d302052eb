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
            abstract: "Bring the database's schema up to date, or make the database.",
            discussion: "'serve' does the same at its start; run this before where several nodes start at once."
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let place = try database.place(try database.settings())
            try place.prepare()
            do {
                let store = try await SQLStore.open(place.location, now: Effects.live.now())
                try store.close()
            } catch {
                throw CommandError("Cannot migrate the database: \(error)", do: "Check --database and --data-dir")
            }
            printing.show(["database": .string(place.visibleName), "schema": "up to date"])
        }
    }
}
