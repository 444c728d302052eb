import Accounts
import ArgumentParser

/// The command line: one file per command.
@main
struct Attache: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attache",
        abstract: "One HTTP API in front of every applicant tracking system.",
        discussion: "Start with 'attache dev': a gateway, a database and pretend vendors in one process.",
        version: BuildStamp.version,
        subcommands: [
            DevCommand.self, SandboxCommand.self, ServeCommand.self, UploadCommand.self, AccountCommand.self, TokenCommand.self,
            EnvironmentCommand.self, CatalogCommand.self, MappingCommand.self, KeysCommand.self, AuditCommand.self,
            LogCommand.self, ConfigCommand.self,
            DatabaseCommand.self, DoctorCommand.self,
        ]
    )

    /// Runs a command and ends the process: 0 done, 1 failed, 2 wrong usage (the parser's own code for it is 64).
    static func main() async {
        await AuditActor.$current.withValue(CommandLineUser.auditActor) { await perform() }
    }

    private static func perform() async {
        var running: any ParsableCommand.Type = Self.self
        do {
            var command = try parseAsRoot()
            running = type(of: command)
            if let missing = CommandPath.missingSubcommand(running, under: Self.self) { throw missing }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Ending(error, command: running, root: Self.self).exit()
        }
    }
}
