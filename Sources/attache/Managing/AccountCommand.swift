import Accounts
import ArgumentParser
import Catalog
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
        @Option(help: "Only with this status, such as needs_reauth.") var status: String?
        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var within: EnvironmentScope

        func validate() throws {
            let known = AccountStatus.all.map(\.rawValue)
            guard let status, !known.contains(status) else { return }
            throw ValidationError(
                "--status '\(status)' is none of \(known.joined(separator: ", "))" + DidYouMean.hint(status, among: known))
        }

        func run() async throws {
            let (services, environment) = try await within.open()
            let wanted: [(AccountField, String?)] = [
                (.tenantID, tenant), (.integration, integration), (.status, status),
            ]
            let filters = wanted.compactMap { field, value in value.map { Filter(field, .eq, [$0]) } }
            let page = try await services.integratedAccounts.list(ListQuery(filters: filters), environment: environment)
            if let integration, page.result.isEmpty {
                try await requireKnown(integration, services, environment)
            }
            let records = page.result.map { account in
                var record = account.shown
                record["integration_name"] = .string(account.integration)
                return record
            }
            within.printing.list(records, columns: ["id", "tenant_id", "integration_name", "status", "is_blocked", "created_at"])
        }

        /// Nothing was found: where that is because of a slip, it is said. What is installed is known, whether or not its definition is at hand.
        private func requireKnown(_ integration: String, _ services: AccountServices, _ environment: String) async throws {
            guard try await services.environmentIntegrations.find(integration, environment: environment) == nil else { return }
            _ = try catalog.open(try within.database.settings()).definition(integration)
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an account, without its credentials.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var within: EnvironmentScope

        func run() async throws {
            let (services, environment) = try await within.open()
            let account = try await services.integratedAccounts.get(id, environment: environment)
            within.printing.show(account.shown)
        }
    }

    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse all calls for an account.")

        @OptionGroup var account: OneAccount

        func run() async throws { try await account.setBlocked(true) }
    }

    struct Unblock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Allow calls for an account again.")

        @OptionGroup var account: OneAccount

        func run() async throws { try await account.setBlocked(false) }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete an account and its credentials.")

        @Argument(help: "Its id.") var id: String
        @OptionGroup var within: EnvironmentScope

        func run() async throws {
            let (services, environment) = try await within.open()
            try await services.integratedAccounts.delete(id, environment: environment)
            within.printing.show(["id": .string(id)])
        }
    }
}

/// The account that a command is about.
struct OneAccount: ParsableArguments {
    @Argument(help: "Its id.") var id: String
    @OptionGroup var within: EnvironmentScope

    func setBlocked(_ isBlocked: Bool) async throws {
        let (services, environment) = try await within.open()
        let account = try await services.integratedAccounts.update(
            id, environment: environment, IntegratedAccountPatch(isBlocked: isBlocked)
        )
        within.printing.show(account.shown)
    }
}

extension IntegratedAccount {
    /// The wire's object, and what only the operator's commands change.
    fileprivate var shown: JSONObject {
        var record = json()
        record["is_blocked"] = .bool(isBlocked)
        return record
    }
}
