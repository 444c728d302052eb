import ArgumentParser
import Catalog

/// Folders of definitions beside those in the program.
struct CatalogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A folder of definitions to add or override with; may be repeated.", valueName: "DIR"))
    var catalog: [String] = []

    func open(_ settings: Settings) throws(CommandError) -> Catalog {
        try Catalog.opened(settings.list(.catalog, catalog))
    }
}

extension Catalog {
    /// The built-in definitions with those of folders over them.
    static func opened(_ folders: [String]) throws(CommandError) -> Catalog {
        do { return try Catalog(folders: folders) } catch {
            throw CommandError("\(error)", do: "Give folders that hold unified/ or integrations/")
        }
    }
}
