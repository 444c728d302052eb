import Accounts
import ArgumentParser
import JSON

/// `attache environment`: what tokens and accounts belong to.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Manage environments.",
        subcommands: [Create.self, List.self, Rename.self, Delete.self]
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

        @Argument(help: "Its id or name.") var environment: String
        @Option(help: "The new name.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let open = try await database.open()
            let environments = open.accounts.environments
            let known = try await environments.list().result.one(environment, in: open.place)
            printing.show(try await environments.rename(known.id, to: name).json)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an environment with its tokens, installations and webhooks."
        )

        @Argument(help: "Its id or name.") var environment: String
        @Flag(help: "Its accounts and their credentials go with it.") var withAccounts = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let open = try await database.open()
            let environments = open.accounts.environments
            let known = try await environments.list().result.one(environment, in: open.place)
            do { try await environments.delete(known.id, withAccounts: withAccounts) } catch {
                guard error.code == .inUse else { throw error }
                throw CommandError(error.message.capitalizedFirst, do: "Give --with-accounts to delete those, too")
            }
            printing.show(["id": .string(known.id)])
        }
    }
}
