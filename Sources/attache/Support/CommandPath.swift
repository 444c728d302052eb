import ArgumentParser

/// What a person types to come to a command: `attache token create`.
enum CommandPath {
    static func of(_ command: any ParsableCommand.Type, under root: any ParsableCommand.Type) -> String {
        (path(root, command) ?? [root]).map(name).joined(separator: " ")
    }

    /// A group of commands named without one of them; nil for a command that does something.
    static func missingSubcommand(_ command: any ParsableCommand.Type, under root: any ParsableCommand.Type) -> UsageError? {
        let names = command.configuration.subcommands.map(name)
        guard command != root, let last = names.last else { return nil }
        let choice = names.count == 1 ? last : "\(names.dropLast().joined(separator: ", ")) or \(last)"
        let path = of(command, under: root)
        return UsageError(message: "'\(path)' needs a command: \(choice)", help: "\(path) --help")
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    private static func path(
        _ from: any ParsableCommand.Type, _ to: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type]? {
        if from == to { return [from] }
        for child in from.configuration.subcommands {
            if let rest = path(child, to) { return [from] + rest }
        }
        return nil
    }
}

/// Wrong usage that the parser does not find. The process ends with 2.
struct UsageError: Error {
    var message: String
    /// The command that shows the right usage.
    var help: String
}
