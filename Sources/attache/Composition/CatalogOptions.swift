import ArgumentParser
import Catalog

/// Folders of definitions beside those in the program.
struct CatalogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A folder of definitions to add or override with; may be repeated.", valueName: "DIR"))
    var catalog: [String] = []

    /// - Parameter overrides: what overrides may do, for catalogs that serve calls.
    func open(_ settings: Settings, overrides: OverrideRules = OverrideRules()) throws(CommandError) -> Catalog {
        try Catalog.opened(settings.list(.catalog, catalog), overrides: overrides)
    }
}

/// The definitions of a gateway: what of them does not load stops the start, unless it may be left out.
struct ServedCatalogOptions: ParsableArguments {
    @OptionGroup var folders: CatalogOptions

    @Flag(help: "Start even if definitions are broken; calls to their vendors fail.")
    var lenientCatalog = false

    /// - Parameters:
    ///   - overrides: what overrides may do.
    ///   - onBroken: told of each vendor or model that is broken, where the start goes on.
    func open(
        _ settings: Settings, overrides: OverrideRules, onBroken: (String) -> Void
    ) throws(CommandError) -> Catalog {
        let catalog = try folders.open(settings, overrides: overrides)
        // Those in the program are tested with it, and read when they are first used.
        let broken = settings.list(.catalog, folders.catalog).isEmpty ? [] : catalog.brokenDefinitions()
        guard let first = broken.first, try !settings.isOn(.lenientCatalog, lenientCatalog) else {
            for error in broken { onBroken(error.description) }
            return catalog
        }
        let others = broken.count > 1 ? " (and \(broken.count - 1) more)" : ""
        throw CommandError(
            "\(first.faults.first?.description ?? first.message)\(others)",
            do: "Correct it ('attache catalog lint DIR' shows all), or start with --lenient-catalog")
    }
}

extension Catalog {
    /// The built-in definitions with those of folders over them.
    static func opened(_ folders: [String], overrides: OverrideRules = OverrideRules()) throws(CommandError) -> Catalog {
        do { return try Catalog(folders: folders, overrides: overrides) } catch {
            throw CommandError("\(error)".capitalizedFirst, do: "Give folders that hold unified/ or integrations/")
        }
    }
}
