@_spi(Engine) import JSON
import Testing

/// The rules of RFC 8259, by the kinds of documents that parsers are known to get wrong.
@Suite struct JSONTextTests {
    static let accepted: [(String, String)] = [
        ("[]", "[]"), ("{}", "{}"), (" \t\n\r[ 1 , 2 ]\n", "[1,2]"), ("0", "0"), ("-0", "-0"), ("-1.5e-10", "-1.5e-10"),
        ("1E+2", "1E+2"), ("123456789012345678901234567890", "123456789012345678901234567890"), ("1.000", "1.000"),
        ("true", "true"), ("false", "false"), ("null", "null"), (#""""#, #""""#), (#""a\/b""#, #""a/b""#),
        (#""\u0061\u00e9""#, #""aé""#), (#""\ud83d\ude00""#, #""😀""#), (#""\b\f\n\r\t\"\\""#, #""\b\f\n\r\t\"\\""#),
        (#""\u0000\u001f""#, #""\u0000\u001f""#), ("\"\u{7f}\u{2028}\"", "\"\u{7f}\u{2028}\""),
        (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#), (#"{"":{"":[]}}"#, #"{"":{"":[]}}"#),
        ("[[[[[[[[1]]]]]]]]", "[[[[[[[[1]]]]]]]]"), (#""日本語 текст""#, #""日本語 текст""#),
        (#"[1,"a",null,true,{"k":[]}]"#, #"[1,"a",null,true,{"k":[]}]"#),
    ]

    @Test(arguments: accepted) func `valid text is read and written`(text: String, expected: String) throws {
        #expect(try arenaRoundTrip(Array(text.utf8)) == expected)
        #expect(try JSONValue.parse(text).text() == expected)
    }

    static let refused: [String] = [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{1:2}", "[1]]", "1 2", "01", "-", "-a", "+1", ".5", "1.", "1.e5",
        "1e", "1e+", "0x10", "Infinity", "NaN", "tru", "True", "nul", "falsey", "\"", "\"a", "\"\\\"", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\u{1}\"", "// c\n1", "[1]//", "\u{FEFF}1", "[\u{A0}1]", "--1", "1e5.5",
        "[\"a\",\n4\n,1,", "{\"a\":/*c*/1}", "\"\\\u{0}\"", "&", "[1,,2]", "nullx", "1a",
    ]

    @Test(arguments: refused) func `anything else is refused`(text: String) {
        #expect(throws: JSONError.self) { try arenaRoundTrip(Array(text.utf8)) }
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }

    static let invalidUTF8: [[UInt8]] = [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xE0, 0x80, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xF0, 0x9F, 0x98, 0x22], [0x22, 0x80, 0x22],
        [0x22, 0x5C, 0x6E, 0xC3, 0x22], [0xFE, 0xFF, 0x22, 0x22],
    ]

    @Test(arguments: invalidUTF8) func `invalid UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try arenaRoundTrip(bytes) }
        #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
    }

    @Test func `a lone surrogate survives as an escape`() throws {
        #expect(try arenaRoundTrip(Array(#""\ud800x\udc00""#.utf8)) == #""\ud800x\udc00""#)
    }

    @Test func `members named by array indices come first as in JavaScript`() throws {
        #expect(try arenaRoundTrip(Array(#"{"b":1,"10":2,"2":3,"01":4}"#.utf8)) == #"{"2":3,"10":2,"b":1,"01":4}"#)
    }

    @Test(arguments: [17, 40, 1000]) func `repeated members of a large object keep the first place`(count: Int) throws {
        let members = (0..<count).map { "\"k\($0)\":\($0)" }
        let text = "{" + (members + ["\"k3\":\"last\""]).joined(separator: ",") + "}"
        let expected =
            "{"
            + (0..<count).map { $0 == 3 ? "\"k3\":\"last\"" : "\"k\($0)\":\($0)" }
            .joined(separator: ",") + "}"
        #expect(try arenaRoundTrip(Array(text.utf8)) == expected)
    }

    @Test(arguments: ["[", "{\"a\":", "[[", "[{\"a\":"]) func `nesting 100,000 deep is an error`(open: String) {
        let text = String(repeating: open, count: 100_000)
        #expect(throws: JSONError.self) { try arenaRoundTrip(Array(text.utf8)) }
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }

    @Test(arguments: 0..<64) func `strings of every length around a word are read whole`(length: Int) throws {
        let plain = String(repeating: "x", count: length)
        for text in [plain, plain + "é", plain + "\\n", "\\\"" + plain, plain + "\\\\" + plain] {
            let document = "[\"\(text)\",\"\(text)\"]"
            #expect(try arenaRoundTrip(Array(document.utf8)) == document)
        }
    }

    private func arenaRoundTrip(_ bytes: [UInt8]) throws -> String {
        let arena = Arena()
        defer { arena.destroy() }
        let value = try bytes.withUnsafeBytes { try ValueReader.read($0, in: arena) }
        var writer = ValueWriter(sink: ByteSink(capacity: 16))
        defer { writer.sink.destroy() }
        try writer.write(value)
        return String(decoding: writer.sink.bytes, as: UTF8.self)
    }
}
