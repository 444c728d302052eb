import HTTPTypes
import JSON
import NIOCore

/// One of the connect pages: whole in itself, nothing of it comes from elsewhere.
struct ConnectPage: Sendable {
    var title: String
    var status: HTTPResponse.Status = .ok
    /// Where the browser goes by itself, at once.
    var forwards: String?
    /// Told to the page that opened this one.
    var result: ConnectResult?
    /// The only origin that is told; nil: any, since a result holds no secret.
    var openerOrigin: String?
    /// In whose name the person is asked.
    var application: (name: String, logo: String?)?
    var footer: String?
    var cookies: [String] = []
    var content: HTML

    init(_ title: String, status: HTTPResponse.Status = .ok, _ content: (inout HTML) -> Void) {
        self.title = title
        self.status = status
        self.content = HTML()
        content(&self.content)
    }

    func reply() -> Reply {
        let nonce = RandomText.make()
        var reply = Reply(status: status, body: ByteBuffer(string: html(nonce: nonce)))
        reply.headers[.contentType] = "text/html; charset=utf-8"
        reply.headers[.contentSecurityPolicy] = Self.policy(nonce: nonce)
        reply.headers.append(contentsOf: Self.privacy)
        for cookie in cookies { reply.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return reply
    }

    /// Sends the browser to another of these pages.
    static func moved(to path: String, cookies: [String]) -> Reply {
        var reply = Reply(status: .seeOther, headers: [.location: path])
        reply.headers.append(contentsOf: privacy)
        for cookie in cookies { reply.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return reply
    }

    /// Addresses of these pages may hold a token or a code: no other site is to see them, no cache to keep them.
    private static let privacy = [
        HTTPField(name: .referrerPolicy, value: "no-referrer"), HTTPField(name: .cacheControl, value: "no-store"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
    ]

    /// Browsers hold redirects that follow a form to `form-action` too; so no form is answered with one to elsewhere.
    private static func policy(nonce: String) -> String {
        "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; img-src data:; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'"
    }

    private func html(nonce: String) -> String {
        var page = HTML()
        page.add("main") { page in
            if let application {
                page.add("p", [("class", "asker")]) { line in
                    if let logo = application.logo { line.addVoid("img", [("src", logo), ("alt", "")]) }
                    line.add("span") { text in
                        text.add(text: "For ")
                        text.add(markup: "<strong>\(HTML.escaped(application.name))</strong>")
                    }
                }
            }
            page.add(markup: content.text)
        }
        if let footer {
            page.add("footer") { page in
                page.add(markup: ConnectIcon.lock)
                page.add("span", footer)
            }
        }
        var attributes = ""
        if let result {
            attributes = " data-result=\"\(HTML.escaped(result.message.text()))\""
            attributes += " data-origin=\"\(HTML.escaped(openerOrigin ?? "*"))\""
        }
        let refresh = forwards.map { "<meta http-equiv=\"refresh\" content=\"0; url=\(HTML.escaped($0))\">\n" } ?? ""
        return HTML.page(
            title: title,
            head: """
                <meta name="robots" content="noindex">
                \(refresh)<style nonce="\(nonce)">
                \(ConnectStyle.css)</style>
                """,
            bodyAttributes: attributes,
            body: """
                \(page.text)<script nonce="\(nonce)">
                \(ConnectScript.source)</script>
                """)
    }
}

/// Small drawings, each beside words that say the same.
enum ConnectIcon {
    static let lock = icon("<rect x='4' y='11' width='16' height='10' rx='2'/><path d='M8 11V7a4 4 0 0 1 8 0v4'/>")
    static let arrow = icon("<path d='m9 6 6 6-6 6'/>", class: "arrow")
    static let tick = icon("<path d='m5 13 4 4L19 7'/>")
    static let cross = icon("<path d='M12 8v5'/><path d='M12 16.5v.01'/><circle cx='12' cy='12' r='9'/>")

    private static func icon(_ paths: String, class name: String = "icon") -> String {
        "<svg class='\(name)' viewBox='0 0 24 24' fill='none' stroke='currentColor' stroke-width='2' "
            + "stroke-linecap='round' stroke-linejoin='round' aria-hidden='true'>\(paths)</svg>"
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self("referrer-policy")!
}
