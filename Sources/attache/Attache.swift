import ArgumentParser
import Gateway

/// The command line: one file per command.
@main
struct Attache: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attache",
        abstract: "One HTTP API in front of every applicant tracking system.",
        discussion: "Start with 'attache dev': a gateway, a database and pretend vendors in one process.",
        version: AttacheVersion.current,
        subcommands: [
            DevCommand.self, ServeCommand.self, UploadCommand.self, AccountCommand.self, TokenCommand.self,
            EnvironmentCommand.self, CatalogCommand.self, MappingCommand.self, KeysCommand.self, AuditCommand.self,
            DatabaseCommand.self, DoctorCommand.self,
        ]
    )

    /// Runs a command and ends the process: 0 done, 1 failed, 2 wrong usage (the parser's own code for it is 64).
    static func main() async {
        var usage: any ParsableCommand.Type = Self.self
        do {
            var command = try parseAsRoot()
            usage = type(of: command)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Ending(error, usage: usage).exit()
        }
    }
}
