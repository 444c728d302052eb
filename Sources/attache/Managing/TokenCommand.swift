import Accounts
import ArgumentParser
import JSON
import Storage

/// `attache token`: what callers of the API prove themselves with.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Manage API tokens.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it, once.",
            discussion: "A scope is MODEL:METHOD or MODEL/RESOURCE:METHOD, with * for any; without scopes all is allowed."
        )

        @Option(help: "What it is for.") var name: String
        @Option(help: ArgumentHelp("What it may do; may be repeated.", valueName: "SCOPE")) var scope: [String] = []
        @Option(help: ArgumentHelp("Days until it expires; never, if absent.", valueName: "DAYS")) var expiresIn: Int?
        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var within: EnvironmentScope

        func validate() throws {
            if let expiresIn, !(1...36_500).contains(expiresIn) {
                throw ValidationError("--expires-in must be between 1 and 36500 days")
            }
        }

        func run() async throws {
            let definitions = try catalog.open(try within.database.settings())
            let (services, environment) = try await within.open()
            try await services.checkScopes(scope, definitions, environment)
            let expiry = expiresIn.map { Effects.live.now().adding(seconds: Int64($0) * 86_400) }
            let issued = try await services.tokens.create(
                name: name, environment: environment, scopes: scope, expiresAt: expiry,
                createdBy: "command line"
            )
            var record = issued.token.json
            record["token"] = .string(issued.secret.exposed())
            within.printing.show(record)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens, without their secrets.")

        @OptionGroup var within: EnvironmentScope

        func run() async throws {
            let (services, environment) = try await within.open()
            let page = try await services.tokens.list(environment: environment)
            within.printing.list(
                page.result.map(\.json), columns: ["id", "name", "scopes", "expires_at", "last_used_at"]
            )
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token; running gateways refuse it within a second.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var within: EnvironmentScope

        func run() async throws {
            let (services, environment) = try await within.open()
            try await services.tokens.revoke(id, environment: environment)
            within.printing.show(["id": .string(id)])
        }
    }
}
