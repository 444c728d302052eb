import Accounts
import ArgumentParser
import JSON

/// `attache audit`: the log of what was done to tokens, accounts and keys.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read and check the audit log.", subcommands: [List.self, Verify.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was done and by whom, the newest first.",
            discussion: "Of every environment, unless one is named."
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        @Option(help: ArgumentHelp("Only of this environment: its name or id.", valueName: "NAME"))
        var environment: String?

        @Option(help: "How many entries, at most 1000.")
        var limit = 100

        @Option(help: ArgumentHelp("Only entries before this number.", valueName: "N"))
        var before: Int?

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000") }
            if let before, before < 1 { throw ValidationError("--before is the number of an entry") }
        }

        func run() async throws {
            let open = try await database.open()
            var id: String?
            if let environment {
                id = try await open.accounts.environments.list().result.one(environment, in: open.place).id
            }
            let page = try await open.accounts.audit.latest(
                environment: id, cursor: before.map(String.init), limit: limit)
            printing.list(page.result.map(\.json), columns: ["id", "created_at", "actor", "action", "subject"])
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every link of the log's hash chain.",
            discussion: """
                Prints how many entries are sound and the hash of the last one. Keep that hash elsewhere: given later \
                with --pin, it shows that nothing before it was changed.
                """
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        @Option(help: ArgumentHelp("An entry's number and hash, as an earlier run printed them.", valueName: "N:HASH"))
        var pin: String?

        func run() async throws {
            let parts = pin.map { $0.split(separator: ":", maxSplits: 1) }
            let pinned = parts.flatMap { parts in
                parts.count == 2 ? Int64(parts[0]).map { (seq: $0, hash: String(parts[1])) } : nil
            }
            guard pin == nil || pinned != nil else {
                throw ValidationError("--pin is a number and a hash, such as 12:9f86d0…")
            }
            let report = try await database.open().accounts.audit.verify(pinned: pinned)
            if let problem = report.problem {
                throw CommandError("The audit log is broken: \(problem)", do: "Compare it with a backup")
            }
            printing.show(["entries": .number(JSONNumber(Int(report.entries))), "head": .string(report.head)])
        }
    }
}
