import ArgumentParser
import Catalog
import JSON

/// `attache catalog coverage`: what the definitions offer.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "List what integrations offer: resources, methods, limits and evidence."
    )

    @Argument(help: ArgumentHelp("A folder of definitions, over the built-in ones.", valueName: "DIR"))
    var directory: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print the page docs/coverage.md.")
    var markdown = false

    @Option(help: "Only this integration.")
    var integration: String?

    func run() throws {
        let catalog = try Catalog.opened(directory.map { [$0] } ?? [])
        if let integration { _ = try catalog.definition(integration) }
        let coverage: Coverage
        do throws(CatalogError) {
            coverage = try Coverage(catalog, integration: integration)
        } catch {
            throw CommandError(error.description, do: "Run 'attache catalog lint'")
        }
        if json { return Console.out(JSONValue.array(coverage.entries.map(\.json)).text(pretty: true)) }
        if markdown { return Console.out(String(coverage.markdown(catalog).dropLast())) }
        for entry in coverage.entries {
            var line = "\(entry.integration) \(entry.resource).\(entry.method): "
            line += entry.isDocumented ? "documented" : "inferred"
            if let upload = entry.upload {
                line += ", \(upload), " + (entry.maxFileSize.map { "up to " + ByteSize.text($0) } ?? "no stated limit")
            }
            Console.out(line)
        }
        Console.out("\(coverage.integrations.count) integrations, \(coverage.entries.count) methods")
    }
}
