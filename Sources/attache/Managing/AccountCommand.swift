import Accounts
import ArgumentParser
import JSON
import Storage

/// `attache account`: the connections of customers.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Manage integrated accounts.",
        subcommands: [
            AccountCreateCommand.self, List.self, Get.self, AccountUpdateCommand.self, Block.self, Unblock.self,
            Delete.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")

        @Option(help: "Only of this customer.") var tenant: String?
        @Option(help: "Only of this integration.") var integration: String?
        @Option(help: "Only in this status, such as needs_reauth.") var status: String?
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            let wanted: [(AccountField, String?)] = [
                (.tenantID, tenant), (.integration, integration), (.status, status),
            ]
            let filters = wanted.compactMap { field, value in value.map { Filter(field, .eq, [$0]) } }
            let page = try await services.integratedAccounts.list(
                ListQuery(filters: filters), environment: try await environment.id(services)
            )
            let records = page.result.map { account in
                var record = account.json()
                record["integration_name"] = .string(account.integration)
                return record
            }
            printing.list(records, columns: ["id", "tenant_id", "integration_name", "status", "created_at"])
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an account, without its credentials.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            let account = try await services.integratedAccounts.get(
                id, environment: try await environment.id(services)
            )
            printing.show(account.json())
        }
    }

    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse all calls for an account.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            try await setBlocked(id, true, environment, database, printing)
        }
    }

    struct Unblock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Allow calls for an account again.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            try await setBlocked(id, false, environment, database, printing)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete an account and its credentials.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let services = try await database.open().accounts
            try await services.integratedAccounts.delete(id, environment: try await environment.id(services))
            printing.show(["id": .string(id)])
        }
    }
}

private func setBlocked(
    _ id: String, _ isBlocked: Bool, _ environment: EnvironmentOption, _ database: DatabaseOptions,
    _ printing: Printing
) async throws {
    let services = try await database.open().accounts
    let account = try await services.integratedAccounts.update(
        id, environment: try await environment.id(services), IntegratedAccountPatch(isBlocked: isBlocked)
    )
    printing.show(account.json())
}
