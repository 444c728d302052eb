import JSON

/// Runs the contract examples of a catalog: `attache catalog test`. Nothing is sent anywhere.
package struct CatalogTest: Sendable {
    package struct Outcome: Sendable {
        package var file: String
        package var description: String
        /// What differs, one line each; empty: passed.
        package var differences: [String]

        package var passed: Bool { differences.isEmpty }
    }

    package var outcomes: [Outcome]

    package var passed: Int { outcomes.filter(\.passed).count }
    package var failed: Int { outcomes.count - passed }

    /// Runs the examples of one integration, or of all.
    package static func run(_ catalog: Catalog, integration: String? = nil) -> CatalogTest {
        var outcomes: [Outcome] = []
        for name in catalog.integrationNames where integration == nil || integration == name {
            for path in catalog.files.examples(of: name) {
                outcomes.append(run(path, of: name, catalog))
            }
        }
        return CatalogTest(outcomes: outcomes)
    }

    private static func run(_ path: String, of integration: String, _ catalog: Catalog) -> Outcome {
        let file = catalog.files.displayName(path)
        do throws(CatalogError) {
            let example = try ContractExample(file: file, text: catalog.files[path] ?? "")
            return Outcome(
                file: file, description: example.description,
                differences: try ExampleRun.differences(of: example, catalog, integration)
            )
        } catch {
            return Outcome(file: file, description: "", differences: [error.description])
        }
    }
}
