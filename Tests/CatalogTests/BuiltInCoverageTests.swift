import Catalog
import Testing

struct `What the built-in catalog offers` {
    private static let coverage = Result { try Coverage(Catalog.builtIn(), integration: nil) }

    @Test(arguments: [("create", 24), ("list", 20), ("download", 22)])
    func `attachments reach most of the vendors`(method: String, atLeast: Int) throws {
        let entries = try Self.coverage.get().entries.filter { $0.resource == "attachments" && $0.method == method }
        #expect(Set(entries.map(\.integration)).count >= atLeast)
    }

    @Test func `each integration has a sandbox`() throws {
        let names = Set(try Self.coverage.get().entries.map(\.integration))
        #expect(names.count >= 30)
        #expect(names.sorted() == (try Catalog.builtIn().sandboxNames))
    }
}
