import ArgumentParser
import Catalog
import Foundation

/// `attache catalog docs`: pages about resources and integrations, made from the definitions.
struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Write a page about each resource and each integration."
    )

    @Argument(help: ArgumentHelp("A folder of definitions, over the built-in ones.", valueName: "DIR"))
    var directory: String?

    @Option(help: ArgumentHelp("The folder to write to; pages that are there are replaced.", valueName: "DIR"))
    var output: String

    func run() throws {
        let catalog = try Catalog.opened(directory.map { [$0] } ?? [])
        let pages: ReferencePages
        do throws(CatalogError) {
            pages = try ReferencePages(catalog)
        } catch {
            throw CommandError(error.description, do: "Run 'attache catalog lint'")
        }
        let folder = URL(fileURLWithPath: output)
        do {
            for page in pages.pages {
                let file = folder.appending(path: page.path)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(page.text.utf8).write(to: file)
            }
        } catch {
            throw CommandError(
                "The pages cannot be written to \(output): \(error.localizedDescription)", do: "Name a folder that can be written to")
        }
        Console.out("\(pages.pages.count) pages in \(output)")
    }
}
