import Catalog
import Foundation
import JSON
import Testing

/// `docs/add-a-vendor.md`, followed as it stands.
struct `The vendor of the tutorial` {
    static func blocks() throws -> [(language: String, text: String)] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/add-a-vendor.md")
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
        return stride(from: 1, to: parts.count, by: 2).map { at in
            let lines = parts[at].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
        }
    }

    static func catalog() throws -> Catalog {
        let blocks = try blocks()
        let yaml = blocks.filter { $0.language == "yaml" }.map(\.text)
        var files = CatalogFiles.models
        files.add(texts: [
            "integrations/acme/integration.yaml": try #require(yaml.first),
            "integrations/acme/ats.yaml": try #require(yaml.dropFirst().first),
            "integrations/acme/examples/create-a-file.json": try #require(blocks.first { $0.language == "json" }).text,
        ])
        return Catalog(files: files)
    }

    @Test func `passes lint and its example`() throws {
        let catalog = try Self.catalog()
        let lint = CatalogLint.run(catalog)
        #expect((lint.faults + lint.warnings).filter { $0.file.contains("acme") }.map(\.description) == [])
        let test = CatalogTest.run(catalog, integration: "acme")
        #expect(test.outcomes.flatMap(\.differences) == [])
        #expect(test.passed == 1)
    }

    /// As `attache upload`, README's form and a query send it.
    @Test(arguments: [
        CallInput(query: ["candidate_id": "p-1"], body: ["file": ["$file": "f"]]),
        CallInput(body: ["file": ["$file": "f"], "candidate_id": "p-1"]),
        CallInput(body: ["file": ["$file": "f"], "candidate": ["id": "p-1"]]),
    ]) func `takes the product's own upload`(scope: CallInput) throws {
        var scope = scope
        scope.context = ["api_key": "k"]
        let plan = try Self.catalog().plan(model: "ats", resource: "attachments", method: "create", integration: "acme")
        #expect(try plan.validate(scope).message == "")
        var machine = CallMachine(plan, scope)
        guard case .send(let request, _) = try machine.start() else {
            Issue.record("nothing was sent")
            return
        }
        #expect(request.url == "https://api.acme.example/v2/people/p-1/documents")
    }
}
