import Catalog
import Synchronization

extension Catalog {
    private static let shared = Mutex<[OverrideRules: Catalog]>([:])

    /// The built-in definitions, read once for all tests that let overrides do the same: reading them takes longer than most tests.
    static func builtIn(_ overrides: OverrideRules = OverrideRules()) throws -> Catalog {
        try shared.withLock { known in
            if let catalog = known[overrides] { return catalog }
            let catalog = try Catalog(overrides: overrides)
            known[overrides] = catalog
            return catalog
        }
    }
}
