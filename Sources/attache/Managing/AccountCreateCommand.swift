import Accounts
import ArgumentParser
import Catalog
import Unified

/// `attache account create`: connects a customer whose credentials are at hand.
struct AccountCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Connect a customer's account.",
        discussion: """
            Example: attache account create --integration NAME --tenant acme --context-file credentials.json
            """
    )

    @Option(help: "The integration's name.") var integration: String
    @Option(help: "Your own name for the customer.") var tenant: String
    @Option(help: "How the account signs in, where the integration knows several ways.") var method: String?
    @OptionGroup var context: AccountContextOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var within: EnvironmentScope

    func run() async throws {
        let definition = try catalog.open(try within.database.settings()).definition(integration)
        let names = definition.credentials.map(\.name)
        guard let method = method ?? (names.count == 1 ? names[0] : nil), names.contains(method) else {
            throw CommandError(
                method.map { "\(integration) has no sign-in '\($0)'" } ?? "\(integration) has several ways to sign in",
                do: "Give --method \(names.joined(separator: " or "))"
            )
        }
        let values = try context.context()
        if let missing = definition.credential(method)?.missingEntries(in: values).first {
            throw CommandError(
                "\(integration) needs \(missing.name) (\(missing.label))",
                do: "Give it with --context-file FILE or --set \(missing.name)=…")
        }
        let (services, environment) = try await within.open()
        let new = NewIntegratedAccount(
            tenantID: tenant, installation: .integration(integration), authenticationMethod: method,
            context: Secret(values), status: definition.status(of: values, method: method),
            integrationOverride: Secret(context.integrationOverride())
        )
        let account = try await services.integratedAccounts.create(
            new, environment: environment, secretPaths: definition.secretPaths
        )
        within.printing.show(account.json())
    }
}

extension Catalog {
    func definition(_ name: String) throws(CommandError) -> Integration {
        do { return try integration(name) } catch {
            guard error.code == .unknownIntegration else { throw CommandError(explaining: error) }
            throw CommandError(
                error.message.capitalizedFirst,
                do: "Known: \(integrationNames.joined(separator: ", ")); definitions of your own come with --catalog DIR")
        }
    }
}
