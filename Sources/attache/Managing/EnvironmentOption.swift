import Accounts
import ArgumentParser

/// The environment that a command works in; need not be given where there is only one.
struct EnvironmentOption: ParsableArguments {
    @Option(help: "The environment's id or name; not needed while there is only one.")
    var environment: String?

    /// - Parameter place: where the database is, for what is said when the environment is not there.
    func id(_ services: AccountServices, in place: DatabasePlace) async throws -> String {
        let all = try await services.environments.list().result
        if let environment {
            return try all.one(environment, in: place).id
        }
        guard let only = all.first else {
            throw CommandError(
                "There is no environment yet in \(place.fullName)", do: "Run 'attache environment create --name NAME'")
        }
        guard all.count == 1 else {
            throw CommandError(
                "There are \(all.count) environments: \(all.map(\.name).joined(separator: ", "))",
                do: "Give one with --environment")
        }
        return only.id
    }
}

extension [Accounts.Environment] {
    /// The environment of that id or name.
    func one(_ wanted: String, in place: DatabasePlace) throws(CommandError) -> Accounts.Environment {
        if let known = first(where: { $0.id == wanted }) { return known }
        let named = filter { $0.name == wanted }
        guard let first = named.first else {
            throw CommandError(
                "There is no environment '\(wanted)' in \(place.fullName)", do: "See 'attache environment list'")
        }
        // Names are unique now, and were not always.
        guard named.count == 1 else {
            throw CommandError(
                "\(named.count) environments are called '\(wanted)'",
                do: "Give the id: \(named.map(\.id).joined(separator: " or "))")
        }
        return first
    }
}
