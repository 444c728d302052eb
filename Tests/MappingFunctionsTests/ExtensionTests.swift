@_spi(Engine) import JSON
import Testing

@_spi(Engine) import JSONata

@testable import MappingFunctions

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One example of `docs/mapping-functions.md`.
struct DocumentedExample: Sendable, CustomStringConvertible {
    var expression: String
    var result: String
    var description: String { expression }

    static let all: [DocumentedExample] = {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/docs/mapping-functions.md"
        let blocks = text(of: path).split(separator: "```")
        var examples: [DocumentedExample] = []
        var pending: String?
        for block in blocks {
            if block.hasPrefix("jsonata\n") { pending = String(block.dropFirst(8)) }
            if block.hasPrefix("json\n"), let expression = pending {
                examples.append(DocumentedExample(expression: expression, result: String(block.dropFirst(5))))
                pending = nil
            }
        }
        return examples
    }()

    private static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite struct ExtensionTests {
    private func evaluate(_ expression: String, _ input: JSONValue? = nil) throws -> JSONValue? {
        try Expression(expression, library: .mapping).evaluate(input)
    }

    @Test(arguments: DocumentedExample.all) func `an example gives what the documentation says`(example: DocumentedExample) throws {
        #expect(try evaluate(example.expression) == JSONValue.parse(example.result))
    }

    @Test func `every function has an example or is named as left out`() {
        let text = DocumentedExample.all.map(\.expression).joined()
        let known = FunctionLibrary.mapping.names.subtracting(FunctionLibrary.standard.names)
            .subtracting(Extensions.leftOut.map(\.name))
        #expect(DocumentedExample.all.count > 50)
        #expect(known.filter { !text.contains("$\($0)(") }.isEmpty)
    }

    @Test(arguments: Extensions.leftOut.map(\.name)) func `a function left out says so`(name: String) {
        #expect { try evaluate("$\(name)('x')") } throws: {
            ($0 as? JSONataError)?.code == "D3146" && ($0 as? JSONataError)?.message.contains("on purpose") == true
        }
    }

    @Test(arguments: ["$digest('abc', 'SHA-3')", "$sign('abc', 'sha0', 'key')"])
    func `an algorithm that is not offered is an error`(expression: String) {
        #expect { try evaluate(expression) } throws: { ($0 as? JSONataError)?.code == "D3145" }
    }

    /// FIPS 180-4's and RFC 1321's for "abc", RFC 4231's and RFC 2202's second.
    @Test(arguments: [
        ("$digest('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("$digest('abc', 'md5')", "900150983cd24fb0d6963f7d28e17f72"),
        ("$digest('abc', 'SHA1')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "$digest('abc', 'sha384')",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
        ), ("$digest('abc', 'SHA-1', 'base64')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
        ("$digest('abc', 'SHA-1', 'base64-urlSafe')", "qZk-NkcGgWq6PiVxeFDCbJzQ2J0"),
        (
            "$sign('what do ya want for nothing?', 'SHA-256', 'Jefe')",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ), ("$sign('what do ya want for nothing?', 'MD5', 'Jefe')", "750c783e6ab0b503eaa86e310a5db738"),
    ])
    func `a hash is the standard's`(expression: String, hash: String) throws {
        #expect(try evaluate(expression) == .string(hash))
    }

    @Test(arguments: [
        ("$dtFromIso('2024-W05-3').toISODate()", "2024-01-31"),
        ("$dtFromIso('20240131T101500Z').toUTC().toISO()", "2024-01-31T10:15:00.000Z"),
        ("$dtFromIso('2024-02-29').minus({'year': 1}).toISODate()", "2023-02-28"),
        ("$dtFromIso('2024-060').toFormat('EEE, d LLL')", "Thu, 29 Feb"),
        ("$dtFromIso('2024-01-01T00:00:00Z').setZone('UTC+5:30').toISO()", "2024-01-01T05:30:00.000+05:30"),
        ("$dtFromFormat('Mar 5, 2024 3:07 pm', 'LLL d, yyyy h:mm a').toFormat('yyyy-MM-dd HH:mm')", "2024-03-05 15:07"),
        ("$dtFromFormat('Tue, 05 Mar 2024 10:00:00 +0100', 'RFC2822').toUTC().toISO()", "2024-03-05T09:00:00.000Z"),
        ("$dtFromIso('2024-01-15T12:00:00Z').toFormat(\"'at' h 'o''clock'\")", "at 12 oclock"),
        ("$dtFromIso('nope').toFormat('yyyy')", "Invalid DateTime"),
        ("$string($dtFromIso('2024-01-15').diff('2024-01-14T12:00:00Z', 'hours').hours)", "12"),
        ("$string($dtFromIso('2024-03-31').diff($dtFromIso('2024-02-29'), 'months').months > 1)", "true"),
    ]) func `a date behaves as documented`(expression: String, expected: String) throws {
        #expect(try evaluate(expression) == .string(expected), "\(expression)")
    }

    @Test func `a date that is none is null in JSON`() throws {
        #expect(
            try evaluate("{'a': $dtFromIso('2024-13-01'), 'ok': $dtFromIso('2024-02-30').isValid}")?.text() == #"{"a":null,"ok":false}"#)
    }

    @Test(arguments: [
        ("<p>a<br>b</p>", "a  \nb"), ("<ol><li>x<ul><li>y</li></ul></li><li>z</li></ol>", "1.  x\n    *   y\n2.  z"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>", "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"),
        ("<blockquote><p>q</p></blockquote>", "> q"), ("<p>1. not a list *x*</p>", "1\\. not a list \\*x\\*"), ("<script>x</script>t", "t"),
        ("a &lt; b <unclosed", "a < b"), ("<h1>Welcome</h1> text", "Welcome\n=======\n\ntext"),
    ]) func `HTML becomes Markdown`(html: String, markdown: String) throws {
        #expect(try HTMLToMarkdown.convert(html) == markdown)
    }

    @Test(arguments: [
        ("a *b* _c_ **d** ~~e~~", "<p>a <em>b</em> <em>c</em> <strong>d</strong> <del>e</del></p>\n"),
        ("snake_case_name", "<p>snake_case_name</p>\n"),
        ("1. a\n2. b\n   - c", "<ol>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>\n"),
        ("> q\n> r", "<blockquote>\n<p>q\nr</p>\n</blockquote>\n"),
        ("```swift\nlet a = 1 < 2\n```", "<pre><code class=\"language-swift\">let a = 1 &lt; 2\n</code></pre>\n"),
        ("Title\n---", "<h2>Title</h2>\n"),
        (
            "[a](https://x.example \"t\") ![i](y.png)",
            "<p><a href=\"https://x.example\" title=\"t\">a</a> <img src=\"y.png\" alt=\"i\"></p>\n"
        ), ("***", "<hr>\n"),
        (
            "|a|b|\n|-|:-:|\n|1|2|",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"center\">b</th>\n</tr>\n</thead>\n<tbody><tr>\n<td>1</td>\n<td align=\"center\">2</td>\n</tr>\n</tbody></table>\n"
        ),
    ]) func `Markdown becomes HTML`(markdown: String, html: String) {
        #expect(MarkdownToHTML.convert(markdown) == html)
    }

    @Test(arguments: ["<a>", "<a></b>", "<a b=c/>", "<a", "</a>", String(repeating: "<a>", count: 10_000)])
    func `XML that is not well-formed is an error`(xml: String) {
        #expect { try evaluate("$xmlToJs(x)", .object(JSONObject([("x", .string(xml))]))) } throws: {
            ($0 as? JSONataError)?.code == "D3148"
        }
    }

    @Test func `XML survives a round trip`() throws {
        let xml = "<?xml version=\"1.0\"?>\n<a k=\"&quot;v&quot;\">\n    <b>1 &lt; 2</b>\n    <c/>\n</a>"
        #expect(try evaluate("$jsToXml($xmlToJs(x))", .object(JSONObject([("x", .string(xml))]))) == .string(xml))
    }

    @Test func `markup nested without end does not overflow the stack`() throws {
        let html = String(repeating: "<div>", count: 20_000) + "x"
        #expect(try HTMLToMarkdown.convert(html) == "x")
        _ = MarkdownToHTML.convert(String(repeating: "> ", count: 5000) + "x")
        _ = MarkdownToHTML.convert(String(repeating: "*a ", count: 5000))
        _ = MarkdownToHTML.convert(String(repeating: "[", count: 5000) + String(repeating: "<a", count: 5000))
    }
}
