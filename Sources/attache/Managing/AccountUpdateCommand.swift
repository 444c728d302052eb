import Accounts
import ArgumentParser
import Catalog
import JSON
import Unified

/// `attache account update`: new credentials or settings for an account.
struct AccountUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change an account's credentials or settings; the others stay."
    )

    @Argument(help: "Its id.") var id: String
    @Option(help: "Your own name for the customer.") var tenant: String?
    @OptionGroup var context: AccountContextOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var within: EnvironmentScope

    func run() async throws {
        let catalog = try catalog.open(try within.database.settings())
        let values = try context.context()
        let override = context.integrationOverride()
        let (services, environment) = try await within.open()
        let current = try await services.integratedAccounts.get(id, environment: environment)
        let patch = IntegratedAccountPatch(
            context: values.isEmpty ? nil : Secret(values), tenantID: tenant,
            integrationOverride: override.isEmpty ? nil : Secret(override)
        )
        let definition = try catalog.definition(current.integration)
        if let field = definition.credential(current.authenticationMethod)?.fieldsRemoved(by: values).first {
            throw CommandError("\(current.integration) needs \(field.name) (\(field.label))", do: "Give it a value")
        }
        let account = try await services.integratedAccounts.update(
            id, environment: environment, patch, secretPaths: definition.secretPaths,
            isComplete: definition.isComplete(current.authenticationMethod)
        )
        within.printing.show(account.json())
    }
}
