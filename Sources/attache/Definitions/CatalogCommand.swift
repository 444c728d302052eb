import ArgumentParser
import Catalog

/// `attache catalog`: checks definitions, ours and users' own.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Check definitions, and see what they offer.",
        subcommands: [Lint.self, Test.self, CoverageCommand.self, DocsCommand.self]
    )

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what is wrong with definitions, without calling anyone."
        )

        @Argument(help: ArgumentHelp("A folder of definitions, checked with the built-in ones.", valueName: "DIR"))
        var directory: String?

        func run() throws {
            let catalog = try Catalog.opened(directory.map { [$0] } ?? [])
            let lint = CatalogLint.run(catalog)
            let faults = lint.faults + catalog.sandboxFaults()
            for fault in lint.warnings + faults { Console.error(fault.description) }
            guard faults.isEmpty else {
                throw CommandError("\(faults.count) faults in \(lint.checkedFiles) files", do: "Correct them")
            }
            Console.out("\(lint.checkedFiles) files, no faults")
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the contract examples of definitions; nothing is sent anywhere."
        )

        @Argument(help: ArgumentHelp("A folder of definitions, over the built-in ones.", valueName: "DIR"))
        var directory: String?

        @Option(help: "Only the examples of this integration.")
        var integration: String?

        func run() throws {
            let catalog = try Catalog.opened(directory.map { [$0] } ?? [])
            if let integration { _ = try catalog.definition(integration) }
            let test = CatalogTest.run(catalog, integration: integration)
            for outcome in test.outcomes {
                Console.out("\(outcome.passed ? "ok  " : "FAIL") \(outcome.file): \(outcome.description)")
                for difference in outcome.differences { Console.out("     \(difference)") }
            }
            Console.out("\(test.passed) passed, \(test.failed) failed")
            if test.failed > 0 {
                throw CommandError("\(test.failed) examples failed", do: "Correct the definition or the example")
            }
        }
    }
}
