import Catalog
import Foundation
import Testing

struct `Pages about resources and integrations` {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/ats")

    @Test func `are what docs/ats holds`() throws {
        let pages = try ReferencePages(Catalog.builtIn()).pages
        let stale = pages.filter { page in
            (try? String(contentsOf: Self.folder.appending(path: page.path), encoding: .utf8)) != page.text
        }
        #expect(stale.map(\.path) == [], "make them anew: attache catalog docs --output docs/ats")
        let known = Set(pages.map(\.path))
        let there = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap { $0 as? String } ?? []
        #expect(there.filter { $0.hasSuffix(".md") && !known.contains($0) } == [], "pages of what is no longer there")
    }

    @Test func `say how each integration is connected and what it offers`() throws {
        let catalog = try Catalog.builtIn()
        let pages = Dictionary(uniqueKeysWithValues: try ReferencePages(catalog).pages.map { ($0.path, $0.text) })
        for entry in try Coverage(catalog).entries {
            let vendor = try #require(pages["vendors/\(entry.integration).md"])
            #expect(vendor.contains("](../resources/\(entry.resource).md)") && vendor.contains("**\(entry.method)**"))
            #expect(pages["resources/\(entry.resource).md"]?.contains("](../vendors/\(entry.integration).md)") == true)
        }
        for name in catalog.integrationNames {
            for field in try catalog.integration(name).credentials.flatMap(\.fields) {
                #expect(pages["vendors/\(name).md"]?.contains("`\(field.name)`") == true)
            }
        }
    }
}
