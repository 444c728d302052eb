import JSON
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"a":[1,2.50,-0,1e400,12345678901234567890],"b":null,"c":"é\n\"\\"}"#, "[]", "{}", "true", #""😀""#,
    ]) func `text survives a round trip`(text: String) throws {
        #expect(try JSONValue.parse(text).text() == text)
    }
}
