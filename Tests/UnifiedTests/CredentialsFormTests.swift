import Catalog
import JSON
import Testing

@testable import Unified

/// What people may enter into the fields of a definition.
@Suite struct CredentialsFormTests {
    private func field(_ rules: String) throws -> Credential.Field {
        let text = """
            label: V
            base_url: https://v.test
            resources: {}
            credentials: {format: api_key, config: {fields: [{name: f, label: Field, \(rules)}]}}
            """
        let vendor = try Catalog(files: CatalogFiles(texts: ["integrations/v/integration.yaml": text])).integration("v")
        return try #require(vendor.credentials.first?.fields.first)
    }

    @Test(arguments: [
        ("type: text", " a b\n", "a b"), ("format: email", "a@b.c", "a@b.c"), ("format: number", "1.5", "1.5"),
        ("format: uuid", "123E4567-e89b-42d3-a456-426614174000", "123E4567-e89b-42d3-a456-426614174000"),
        ("format: url", "https://a.test/x", "https://a.test/x"), ("format: regex, pattern: '[a-z]{2}'", "ab", "ab"),
        ("transform: lowercase", "AbC", "abc"), ("transform: uppercase", "aBc", "ABC"),
        ("transform: sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("type: single_select, options: [{label: A, value: a}]", "a", "a"),
    ]) func `good values are kept, trimmed and transformed`(rules: String, entered: String, kept: String) throws {
        let form = CredentialsForm([try field(rules)], values: ["f": .string(entered), "other": "x"])
        #expect(form.faults.isEmpty)
        #expect(form.context == ["f": .string(kept)])
    }

    @Test(arguments: [
        ("required: true", ""), ("required: true", " \t"), ("format: email", "a@b@c"), ("format: email", "@b"),
        ("format: number", "x"), ("format: uuid", "1"), ("format: url", "a.test"), ("format: url", "javascript:1"),
        ("format: regex, pattern: '[a-z]{2}'", "abc"), ("type: text", "a\u{0}b"), ("type: text", "a\r\nb"),
        ("type: single_select, options: [{label: A, value: a}]", "b"),
    ]) func `others are refused in a sentence that names the field`(rules: String, entered: String) throws {
        let form = CredentialsForm([try field(rules)], values: ["f": .string(entered)])
        #expect(form.context.isEmpty)
        #expect(form.faults.map(\.field) == ["f"])
        #expect(form.faults[0].message.lowercased().contains("field"))
        #expect(entered.count < 2 || !form.faults[0].message.contains(entered))
    }

    @Test func `what is not required may be left out`() throws {
        let form = CredentialsForm([try field("type: password")], values: [:])
        #expect(form.context.isEmpty && form.faults.isEmpty)
    }
}
