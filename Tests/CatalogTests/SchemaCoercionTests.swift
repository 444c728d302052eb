@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

@testable import Catalog

/// docs/wire.md#responses: ids are texts, moments have one form, what the provider does not give is absent; everything else is
/// as it was mapped.
@Suite struct SchemaCoercionTests {
    private static let schema = #"""
        {"properties": {"id": {"type": "string"}, "flag": {"type": "string"}, "count": {"type": "integer"},
          "at": {"type": "string", "format": "date-time"}, "title": {"type": "string"},
          "owner": {"type": "object", "properties": {"id": {"type": "string"}, "at": {"format": "date-time"}}},
          "tags": {"type": "array", "items": {"type": "string"}},
          "people": {"type": "array", "items": {"properties": {"id": {"type": "string"}}}},
          "remote_data": {"properties": {"id": {"type": "string"}}}}}
        """#

    /// The value of the member after coercion, as JSON.
    private static func coerced(_ name: String, _ json: String) throws -> String {
        let workspace = Workspace()
        let page = ResponsePage(workspace: workspace, body: try workspace.parse(Array(json.utf8)))
        var place = 0
        let coercion = SchemaCoercion(try JSONValue.parse(schema))
        let value = coercion.coerce(page.body.value, of: page.string(name), at: &place, in: page)
        return try workspace.value(workspace.document(value))?.text() ?? "undefined"
    }

    @Test(arguments: [
        ("id", "7", #""7""#), ("id", "12345678901234567890", #""12345678901234567890""#), ("id", "1.50", #""1.50""#),
        ("id", "-0", #""-0""#), ("id", "true", #""true""#), ("id", "false", #""false""#), ("id", #""x""#, #""x""#),
        ("id", "null", "undefined"), ("id", "[1]", "[1]"), ("id", #"{"id":1}"#, #"{"id":1}"#), ("count", "7", "7"),
        ("owner", #"{"id":8,"x":1,"at":"2026-11-28T07:22:22Z"}"#, #"{"id":"8","x":1,"at":"2026-11-28T07:22:22.000Z"}"#),
        ("tags", #"[1,"a",null]"#, #"["1","a"]"#), ("tags", "[]", "[]"), ("tags", "3", "3"),
        ("people", #"[{"id":1},2,{"name":1}]"#, #"[{"id":"1"},2,{"name":1}]"#), ("people", #"{"id":1}"#, #"{"id":1}"#),
        ("unknown", "7", "7"), ("remote_data", #"{"id":1}"#, #"{"id":1}"#),
    ])
    func `what the schema calls a text becomes one`(name: String, json: String, expected: String) throws {
        #expect(try Self.coerced(name, json) == expected)
    }

    @Test(arguments: [
        ("owner", "{}", "undefined"), ("owner", #"{"id":null}"#, "undefined"), ("owner", #"{"id":""}"#, "undefined"),
        ("owner", #"{"id":"  ","x":null}"#, "undefined"), ("owner", #"{"id":null,"x":0}"#, #"{"x":0}"#),
        ("owner", #"{"x":"","at":null}"#, #"{"x":""}"#), ("owner", #"{"x":false}"#, #"{"x":false}"#),
        ("people", "[null]", "[]"), ("people", "[{}]", "[]"), ("people", #"[{"id":null},{"id":2}]"#, #"[{"id":"2"}]"#),
        ("people", #"[{"id":""},{"id":"","name":"a"}]"#, #"[{"name":"a"}]"#), ("id", #"" ""#, "undefined"),
        ("title", "\"\"", "\"\""), ("unknown", "null", "null"), ("unknown", "[null,{}]", "[null,{}]"),
        ("remote_data", #"{"id":null}"#, #"{"id":null}"#),
    ])
    func `what the provider did not give is left out`(name: String, json: String, expected: String) throws {
        #expect(try Self.coerced(name, json) == expected)
    }

    @Test(arguments: [
        (#""7""#, "7"), (#""-7.50""#, "-7.50"), (#""0""#, "0"), (#""0.5""#, "0.5"), (#""07""#, #""07""#), (#""-""#, #""-""#),
        (#""1.""#, #""1.""#), (#"".5""#, #"".5""#), (#""1e5""#, #""1e5""#), (#""seven""#, #""seven""#), ("\"\"", "\"\""),
        (#""12345678901234567890""#, "12345678901234567890"),
    ])
    func `what the schema calls a number becomes one where it is`(json: String, expected: String) throws {
        #expect(try Self.coerced("count", json) == expected)
    }

    @Test(arguments: [
        ("at", #""2026-11-28T07:22:22Z""#, #""2026-11-28T07:22:22.000Z""#), ("at", #""tomorrow""#, #""tomorrow""#),
        ("title", #""2026-11-28T07:22:22Z""#, #""2026-11-28T07:22:22Z""#), ("at", "17", #""17""#),
    ])
    func `what the schema calls a moment takes the form of the wire`(name: String, json: String, expected: String) throws {
        #expect(try Self.coerced(name, json) == expected)
    }

    @Test func `an object of many members keeps them all`() throws {
        let members = (0..<40).map { "\"m\($0)\":\($0)" } + ["\"id\":5"]
        let text = "{\(members.joined(separator: ","))}"
        #expect(try Self.coerced("owner", text) == text.replacing("\"id\":5", with: "\"id\":\"5\""))
    }
}
