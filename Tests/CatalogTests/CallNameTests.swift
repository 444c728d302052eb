import Catalog
import JSON
import Testing

/// What a scope or an override may name.
@Suite struct CallNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// `MODEL`, `RESOURCE`, `METHOD`; `*` for any.
        var names: [String]
        /// How the refusal begins; nil: there is such a call.
        var refusal: String?
        var testDescription: String { names.joined(separator: " ") }

        init(_ names: String..., refusal: String? = nil) {
            self.names = names
            self.refusal = refusal
        }
    }

    static let rows = [
        Row("*", "*", "*"), Row("ats", "*", "*"), Row("ats", "*", "list"), Row("*", "*", "list"), Row("ats", "attachments", "*"),
        Row("ats", "attachments", "create"), Row("*", "attachments", "create"), Row("ats", "applications", "move-stage"),
        Row("at", "attachments", "create", refusal: "there is no unified model 'at' (did you mean 'ats'?); there are ats"),
        Row("ats", "attachments", "creat", refusal: "there is no method 'creat' of ats/attachments (did you mean 'create'?); there are "),
        Row("ats", "attachments", "move-stage", refusal: "there is no method 'move-stage' of ats/attachments; there are create"),
        Row("ats", "atachments", "create", refusal: "there is no resource 'atachments' of ats (did you mean 'attachments'?); there are "),
        Row("*", "nothing", "*", refusal: "there is no resource 'nothing'; there are "),
        Row("ats", "*", "crate", refusal: "there is no method 'crate' of ats (did you mean 'create'?); there are "),
        Row("*", "*", "never", refusal: "there is no method 'never'; there are "),
    ]

    @Test(arguments: rows) func `what no call has is refused, with the names that there are`(row: Row) throws {
        let names = try CallNames(Catalog.builtIn())
        let parts = row.names.map { $0 == "*" ? nil : $0 }
        let error = caught { try names.require(model: parts[0], resource: parts[1], method: parts[2]) }
        guard let refusal = row.refusal else {
            #expect(error == nil)
            return
        }
        #expect(error?.message.hasPrefix(refusal) == true, "\(error?.message ?? "allowed")")
    }

    @Test func `an environment's own resource is known there`() throws {
        let own: JSONObject = [
            "resources": ["badges": ["schema": ["type": "object"], "methods": ["list": ["answer": "list"]]]]
        ]
        #expect(throws: CatalogError.self) { try CallNames(Catalog.builtIn()).require(model: "ats", resource: "badges") }
        let names = try CallNames(Catalog.builtIn(), overrides: ["ats": own])
        try names.require(model: "ats", resource: "badges", method: "list")
        try names.require(model: "ats", resource: "attachments", method: "create")
    }

    /// Mappings as `{model: {resource: {method: …}}}`, and the code that refuses them.
    static let mappings: [(JSONObject, CatalogError.Code?)] = [
        (["ats": ["attachments": ["create": ["query_mapping": "{}"]]]], nil), (["ats": ["attachments": ["creat": nil]]], nil),
        (["ats": ["attachments": ["creat": ["query_mapping": "{}"]]]], .unknownMethod),
        (["ats": ["atachments": ["create": ["query_mapping": "{}"]]]], .unknownResource),
        (["crm": ["contacts": ["list": ["query_mapping": "{}"]]]], .unknownModel), ([:], nil),
    ]

    @Test(arguments: mappings.indices) func `an account's mappings are of calls that there are`(at: Int) {
        let (mapping, code) = Self.mappings[at]
        let error = caught { try Catalog.builtIn().check(mappingOverride: mapping, of: "lever") }
        #expect(error?.code == code, "\(error?.message ?? "allowed")")
    }
}
