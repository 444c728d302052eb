import Accounts
import ArgumentParser

/// What every command shares that works inside one environment: which, where its database is, and how to print.
struct EnvironmentScope: ParsableArguments {
    @OptionGroup var environment: EnvironmentOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var printing: Printing

    /// Opens the database and finds the environment in it.
    func open() async throws -> (services: AccountServices, environment: String) {
        let open = try await database.open()
        return (open.accounts, try await environment.id(open.accounts, in: open.place))
    }
}
