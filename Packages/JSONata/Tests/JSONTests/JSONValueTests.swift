@_spi(Engine) import JSON
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"a":[1,2.50,-0,1e400,12345678901234567890],"b":null,"c":"é\n\"\\"}"#, "[]", "{}", "true", #""😀""#,
    ]) func `text survives a round trip`(text: String) throws {
        #expect(try JSONValue.parse(text).text() == text)
    }

    @Test(arguments: [true, false]) func `pieces of a long document make up its text`(pretty: Bool) throws {
        let rows = JSONValue.array((0..<20_000).map { .string(String($0)) })
        let document: JSONValue = ["rows": rows, "rest": [:]]
        var pieces: [[UInt8]] = []
        document.write(pretty: pretty) { pieces.append($0) }
        #expect(pieces.count > 2 && pieces.allSatisfy { $0.count < 70_000 })
        #expect(Array(pieces.joined()) == document.bytes(pretty: pretty))
    }
}
