@_spi(Engine) import JSON
import Testing

/// An object that is kept as its text until someone looks inside.
@Suite struct JSONTextObjectTests {
    private static let source = #"{"id":12345678901234567890,"name":"\ud83d","list":[1.0,{"k":null}]}"#

    private func object() throws -> JSONObject { JSONObject(text: try JSONText(Array(Self.source.utf8))) }

    @Test func `what is passed on is written as it came`() throws {
        #expect(JSONValue.object(try object()).text() == Self.source)
        #expect(JSONValue.array([.object(try object())]).text() == "[\(Self.source)]")
    }

    @Test func `members are read and changed as of any other object`() throws {
        var object = try object()
        #expect(object["id"]?.int == nil)
        #expect(object.keys == ["id", "name", "list"])
        #expect(object.count == 3 && !object.isEmpty)
        #expect(JSONValue.object(object) == (try JSONValue.parse(Self.source)))
        object["name"] = "x"
        object["id"] = nil
        #expect(JSONValue.object(object).text() == #"{"name":"x","list":[1.0,{"k":null}]}"#)
        #expect(JSONValue.object(try self.object()).text(pretty: true).contains("\n  \"id\": 12345678901234567890"))
    }

    @Test func `it is the same value in an arena`() throws {
        let arena = Arena()
        defer { arena.destroy() }
        let text = #"{"id":12345678901234567890,"list":[1.0,{"k":null}]}"#
        let value = Value(.object(JSONObject(text: try JSONText(Array(text.utf8)))), in: arena)
        #expect(value.isObject && value.count == 2)
        #expect(try value.jsonValue() == (try JSONValue.parse(text)))
    }

    @Test(arguments: ["", "{", "[1,]", "{} {}", "\u{1}", "nul"]) func `text that is no document is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONText(Array(text.utf8)) }
    }

    @Test func `a value has its text`() throws {
        let object: JSONValue = ["a": 1], list: JSONValue = [1]
        #expect(JSONText(object).bytes == Array(#"{"a":1}"#.utf8))
        #expect(JSONText(object).isObject && !JSONText(list).isObject)
    }
}
