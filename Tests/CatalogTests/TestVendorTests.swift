import Catalog
import Foundation
import Testing

extension CatalogFiles {
    /// The built-in models alone: to check all vendors takes seconds.
    static let models = CatalogFiles(
        texts: Dictionary(
            uniqueKeysWithValues: embedded.paths.filter { $0.hasPrefix("unified/") }.map { ($0, embedded[$0] ?? "") }))
}

/// `Tests/Definitions`: systems that do not exist, with everything that a definition can say.
struct `The vendors of the tests` {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Definitions").path

    @Test func `are without fault, and do what their examples say`() throws {
        var files = CatalogFiles.models
        try files.add(folder: Self.folder)
        let catalog = Catalog(files: files)
        let own = CatalogLint.run(catalog).faults.filter { $0.file.hasPrefix(Self.folder) }
        #expect(own.map(\.description) == [])
        for vendor in ["quay", "mole"] {
            let test = CatalogTest.run(catalog, integration: vendor)
            #expect(test.outcomes.filter { !$0.passed }.map { "\($0.file): \($0.differences)" } == [])
            #expect(test.passed >= 5)
        }
    }
}
