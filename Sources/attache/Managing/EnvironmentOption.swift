import Accounts
import ArgumentParser

/// The environment that a command works in; need not be given where there is only one.
struct EnvironmentOption: ParsableArguments {
    @Option(help: "The environment's id or name; not needed while there is only one.")
    var environment: String?

    func id(_ services: AccountServices) async throws -> String {
        let all = try await services.environments.list().result
        if let environment {
            if let known = all.first(where: { $0.id == environment }) { return known.id }
            let named = all.filter { $0.name == environment }
            guard named.count == 1 else {
                throw CommandError("There is no environment '\(environment)'", do: "See 'attache environment list'")
            }
            return named[0].id
        }
        guard let only = all.first else {
            throw CommandError("There is no environment yet", do: "Run 'attache environment create --name NAME'")
        }
        guard all.count == 1 else {
            throw CommandError("There are \(all.count) environments", do: "Give one with --environment")
        }
        return only.id
    }
}
