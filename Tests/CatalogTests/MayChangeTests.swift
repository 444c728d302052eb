import JSON
import Testing

@testable import Catalog

/// Which calls may change something that a repeat of the whole has to know of.
@Suite struct MayChangeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var method: JSONObject
        /// As the call itself, and as a step of it.
        var asMain: Bool
        var asStep: Bool
        var testDescription: String { JSONValue.object(method).text() }
    }

    static let rows = [
        Row(method: [:], asMain: false, asStep: false), Row(method: ["method": "get"], asMain: false, asStep: false),
        Row(method: ["method": "head", "idempotent": false], asMain: false, asStep: false),
        Row(method: ["method": "post"], asMain: true, asStep: true), Row(method: ["method": "put"], asMain: true, asStep: true),
        Row(method: ["method": "delete"], asMain: true, asStep: true),
        Row(method: ["method": "post", "idempotent": false], asMain: true, asStep: true),
        Row(method: ["method": "post", "idempotent": true], asMain: true, asStep: false),
        Row(method: ["method": "post", "retry_safe": true], asMain: true, asStep: false),
        Row(method: ["method": "post", "temporary": true, "idempotent": false], asMain: true, asStep: false),
        Row(method: ["method": "post", "temporary": false], asMain: true, asStep: true),
    ]

    @Test(arguments: rows) func `a step that may be repeated, or leaves nothing, does not`(row: Row) throws {
        var value = row.method
        value["path"] = "/x"
        let reader = DefinitionReader(Definition(file: "test", value: .object(value)))
        let method = try IntegrationMethod(resource: "r", name: "m", decoding: reader)
        #expect(method.mayChange(isMain: true) == row.asMain)
        #expect(method.mayChange(isMain: false) == row.asStep)
    }
}
