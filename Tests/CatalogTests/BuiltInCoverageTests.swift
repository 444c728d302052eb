import Catalog
import Testing

struct `What the built-in catalog offers` {
    private static func coverage() throws -> (catalog: Catalog, coverage: Coverage) {
        let catalog = try Catalog()
        return (catalog, try Coverage(catalog, integration: nil))
    }

    @Test(arguments: [("create", 24), ("list", 20), ("download", 22)])
    func `attachments reach most of the vendors`(method: String, atLeast: Int) throws {
        let entries = try Self.coverage().coverage.entries.filter { $0.resource == "attachments" && $0.method == method }
        #expect(Set(entries.map(\.integration)).count >= atLeast)
    }

    @Test func `each integration has a sandbox`() throws {
        let (catalog, coverage) = try Self.coverage()
        let names = Set(coverage.entries.map(\.integration))
        #expect(names.count >= 30)
        #expect(names.sorted() == catalog.sandboxNames)
    }
}
