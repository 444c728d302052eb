import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

/// The pages for people: start, reference, guides.
@Suite struct PagesTests {
    @Test func `every page has a tag, and whoever has the page is told that it is the same`() async throws {
        try await TestGateway.run { gateway in
            for path in ["/", "/docs", "/docs/errors", "/docs/style.css", "/docs/quick-start", "/openapi.json"] {
                let response = try await gateway.call(.GET, path, authorization: nil)
                #expect(response.status == 200, "\(path)")
                #expect(response.headers.first(name: "cache-control") == "public, max-age=300", "\(path)")
                let tag = try #require(response.headers.first(name: "etag"))
                for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                    let again = try await gateway.call(.GET, path, headers: [("if-none-match", known)], authorization: nil)
                    #expect(again.status == 304 && again.body.readableBytes == 0, "\(path) \(known)")
                    #expect(again.headers.first(name: "etag") == tag, "\(path)")
                }
                let other = try await gateway.call(.GET, path, headers: [("if-none-match", "\"other\"")], authorization: nil)
                #expect(other.status == 200 && other.body == response.body, "\(path)")
            }
        }
    }

    @Test func `every link of every page leads somewhere on the gateway`() async throws {
        try await TestGateway.run { gateway in
            var waiting = ["/"]
            var seen: [String: String] = [:]
            while let path = waiting.popLast() {
                guard seen[path] == nil else { continue }
                let response = try await gateway.call(.GET, path, authorization: nil)
                #expect(response.status == 200, "\(path)")
                let text = String(buffer: response.body)
                seen[path] = text
                for link in text.matches(of: /href="([^"#]*)(#[^"]*)?"/).map({ String($0.output.1) }) where link.hasPrefix("/") {
                    waiting.append(link)
                }
            }
            for guide in Guide.all { #expect(seen["/docs/\(guide.name)"] != nil, "nothing leads to \(guide.name)") }
            for (path, text) in seen {
                for link in text.matches(of: /href="(\/[^"#]*)#([^"]*)"/) {
                    let target = seen[String(link.output.1)] ?? ""
                    #expect(target.contains("id=\"\(link.output.2)\""), "\(path): \(link.output.0)")
                }
            }
        }
    }

    @Test func `the start page says what to try where there is something to try`() {
        #expect(StartPage.html(isDevelopment: true).contains("$ATTACHE_TOKEN"))
        #expect(!StartPage.html(isDevelopment: false).contains("$ATTACHE_TOKEN"))
    }

    @Test func `every call has an example, and codes are links`() async throws {
        try await TestGateway.run { gateway in
            let page = String(buffer: try await gateway.call(.GET, "/docs").body)
            let calls = page.split(separator: "<details").dropFirst()
            #expect(calls.count > 20)
            for call in calls { #expect(call.contains("curl "), "\(call.prefix(100))") }
            #expect(page.contains("-F &quot;file=@cv.pdf&quot;"))
            #expect(page.contains("<a href=\"/docs/errors#provider_busy\"><code>provider_busy</code></a>"))
        }
    }

    struct Text: Sendable, CustomTestStringConvertible {
        var markdown: String
        var html: String
        var testDescription: String { markdown }
    }

    static let texts: [Text] = [
        Text(markdown: "# A `b` & c", html: "<h1 id=\"a-b--c\">A <code>b</code> &amp; c</h1>\n"),
        Text(markdown: "one\ntwo\n\nthree", html: "<p>one\ntwo</p>\n<p>three</p>\n"),
        Text(markdown: "**a** *b* `*c*` \\*d", html: "<p><strong>a</strong> <em>b</em> <code>*c*</code> *d</p>\n"),
        Text(markdown: "[a](errors.md#x) [b](../Package.swift)", html: "<p><a href=\"/docs/errors#x\">a</a> b</p>\n"),
        Text(markdown: "- a\n  b\n- c", html: "<ul><li>a\nb</li>\n<li>c</li>\n</ul>\n"),
        Text(markdown: "1. a\n2. b", html: "<ol><li>a</li>\n<li>b</li>\n</ol>\n"),
        Text(markdown: "```sh\na < b\n```", html: "<pre tabindex=\"0\"><code>a &lt; b</code>\n</pre>\n"),
        Text(
            markdown: "| a | b |\n|---|---|\n| `x|y` | z |",
            html: "<table><tr><th>a</th>\n<th>b</th>\n</tr>\n<tr><td><code>x|y</code></td>\n<td>z</td>\n</tr>\n</table>\n"),
        Text(markdown: "> a\n> b", html: "<blockquote><p>a\nb</p>\n</blockquote>\n"),
        Text(markdown: "<script>", html: "<p>&lt;script&gt;</p>\n"),
    ]

    @Test(arguments: texts) func `guides are written as pages`(text: Text) {
        #expect(Markdown(text.markdown) { Guide.address(of: $0, from: []) }.html() == text.html)
    }
}
