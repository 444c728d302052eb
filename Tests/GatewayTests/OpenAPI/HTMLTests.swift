import JSON
import Testing

@testable import Gateway

struct HTMLTests {
    @Test(arguments: [
        ("a < b & \"c\"", "<p>a &lt; b &amp; &quot;c&quot;</p>\n"),
        ("send `x < y`", "<p>send <code>x &lt; y</code></p>\n"),
        ("one ` is a backtick", "<p>one ` is a backtick</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
    ])
    func `text is escaped, and code is marked`(text: String, markup: String) {
        var html = HTML()
        html.add("p", text)
        #expect(html.text == markup)
    }

    @Test func `attributes are escaped`() {
        var html = HTML()
        html.add("a", [("href", "\"><script>")], "x")
        #expect(html.text == "<a href=\"&quot;&gt;&lt;script&gt;\">x</a>\n")
    }

    @Test func `the page asks for nothing from elsewhere`() {
        let page = DocumentationPage(document: ["info": ["title": "T"]]).html() + ErrorsPage.html()
        #expect(!page.contains("<script"))
        #expect(!page.contains("http://") && !page.contains("https://"))
    }
}
