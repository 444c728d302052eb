import Accounts
import ArgumentParser

/// `attache environment`: what tokens and accounts belong to.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Manage environments.",
        subcommands: [Create.self, List.self, Rename.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an environment.")

        @Option(help: "Its name.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            printing.show(try await services.environments.create(name: name).json)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List environments.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            let all = try await services.environments.list().result
            printing.list(all.map(\.json), columns: ["id", "name", "created_at"])
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give an environment another name.")

        @Argument(help: "Its id.") var id: String
        @Option(help: "The new name.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            printing.show(try await services.environments.rename(id, to: name).json)
        }
    }
}
