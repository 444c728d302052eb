import Testing

@testable import Catalog

/// What keeps a gateway from starting: a definition that could serve no call.
@Suite struct BrokenDefinitionTests {
    @Test func `the definitions in the program are whole`() throws {
        #expect(try Catalog.builtIn().brokenDefinitions().isEmpty)
    }

    private static let integration =
        "label: Broken\ncategory: ats\nbase_url: https://api.example\nresources: {files: {list: {path: /files}}}\n"

    @Test(arguments: [
        ("integration.yaml", "label: [\n"), ("integration.yaml", "label: Broken\nnonsense: 1\n"), ("ats.yaml", "resources: {"),
        ("ats.yaml", "resources:\n  attachments:\n    list:\n      resource: files\n      response_mapping: '{'\n"),
        ("ats.yaml", "resources:\n  attachments:\n    list:\n      resource: files\n      response_maping: '{}'\n"),
    ])
    func `a broken file is found, and named`(file: String, text: String) {
        var texts = ["unified/ats.yaml": CatalogFiles.embedded["unified/ats.yaml"] ?? ""]
        texts["integrations/broken/integration.yaml"] = Self.integration
        texts["integrations/broken/\(file)"] = text
        let broken = Catalog(files: CatalogFiles(texts: texts)).brokenDefinitions()
        #expect(broken.count == 1, "\(broken)")
        #expect(broken.first?.description.contains("integrations/broken/\(file)") == true, "\(broken)")
    }
}
