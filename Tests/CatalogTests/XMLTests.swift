import Catalog
import HTTPTypes
import JSON
import Testing

struct `A response in XML` {
    static func read(_ text: String, arrays: String = "[]", format: String = "xml") throws -> ProviderResponse {
        let vendor =
            "label: V\nbase_url: https://a.test\nresources: {things: {get: {path: \"/{{id}}\", api_response_format: \(format), xml_arrays: \(arrays)}}}"
        let method = try #require(try Sample.catalog(integration: vendor).integration("vendor").resources["things"]?.methods["get"])
        return ProviderResponse(status: 200, headers: HTTPFields(), body: Array(text.utf8), of: method)
    }

    static let documents: [(String, JSONValue)] = [
        ("<a/>", ["a": ""]), ("<a></a>", ["a": ""]), ("<a>x</a>", ["a": "x"]), ("<a> x </a>", ["a": " x "]),
        ("<?xml version=\"1.0\"?>\n<!-- c -->\n<n:a xmlns:n=\"u\"><n:b>1</n:b></n:a>\n", ["a": ["b": "1"]]),
        ("<a k=\"v\"/>", ["a": ["@k": "v"]]), ("<a k='v'>t</a>", ["a": ["@k": "v", "#text": "t"]]),
        ("<a><b>1</b><c/><b>2</b></a>", ["a": ["b": ["1", "2"], "c": ""]]),
        ("<a><L>1</L></a>", ["a": ["L": ["1"]]]), ("<a>\n <b>1</b>\n</a>", ["a": ["b": "1"]]),
        ("<a>x<b>1</b>y</a>", ["a": ["b": "1", "#text": "xy"]]),
        ("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>", ["a": "<&>\"'A😀"]), ("<a><![CDATA[<b>&]]></a>", ["a": "<b>&"]),
        ("<a x:nil=\"true\"/>", ["a": .null]), ("<a>1\r\n2</a>", ["a": "1\n2"]), ("\u{FEFF}<a/>", ["a": ""]),
        ("{\"not\": \"XML\"}", ["not": "XML"]),
    ]

    @Test(arguments: documents) func `is its elements as JSON`(text: String, expected: JSONValue) throws {
        #expect(try Self.read(text, arrays: "[L]").json == expected)
    }

    @Test(arguments: [
        "", "x", "<a>", "<a></b>", "<a", "<a k>", "<a k=v/>", "<a k=\"<\"/>", "<a>&x;</a>", "<a/><b/>", "<a/>x", "<a><!-- </a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>",
        String(repeating: "<a>", count: 300) + String(repeating: "</a>", count: 300),
    ]) func `that is none stays text`(text: String) throws {
        #expect(try Self.read(text).json == nil)
    }

    @Test func `is text where the definition says so, whatever it looks like`() throws {
        let response = try Self.read("{\"a\": 1}", format: "text")
        #expect(response.json == nil)
        #expect(response.text == "{\"a\": 1}")
    }

    @Test func `of many equal elements takes no longer for each`() throws {
        let text = "<a>" + String(repeating: "<b>1</b>", count: 100_000) + "</a>"
        #expect(try Self.read(text).json?["a"]?["b"]?.array?.count == 100_000)
    }
}
