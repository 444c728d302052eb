import Accounts
import JSON
import NIOHTTP1
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// What the connect pages keep out.
@Suite struct ConnectSafetyTests {
    @Test func `a page is whole in itself, and no other page may use it`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let pages = [
                try await gateway.form(browser), try await gateway.form(browser, method: "oauth2"),
                try await browser.get("/connect?link_token=none"),
            ]
            var nonces: Set<String> = []
            for page in pages {
                let policy = try #require(page.headers.first(name: "content-security-policy"))
                for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
                    #expect(policy.contains(rule))
                }
                #expect(!policy.contains("unsafe"))
                let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([A-Za-z0-9_-]{43})'/)?.output.1)
                nonces.insert(String(nonce))
                #expect(page.text.contains("<script nonce=\"\(nonce)\">") && page.text.contains("<style nonce=\"\(nonce)\">"))
                #expect(page.headers.first(name: "referrer-policy") == "no-referrer")
                #expect(page.headers.first(name: "cache-control") == "no-store")
                #expect(page.headers.first(name: "x-content-type-options") == "nosniff")
                #expect(!page.text.contains("src=\"http") && !page.text.contains("url(") && !page.text.contains("@import"))
                #expect(page.text.firstMatch(of: /\ on[a-z]+=/) == nil, "no script in attributes")
            }
            #expect(nonces.count == pages.count)
        }
    }

    @Test func `a form of another page is refused`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser)
            let other = try await gateway.form(browser)
            for session in ["", "x", other.hidden("session") ?? ""] {
                #expect(try await browser.submit(form, session: session, ["api_key": TestGateway.apiKey]).status == 403)
            }
            // Without the cookie the form's secret is worth nothing.
            #expect(try await Browser(gateway).submit(form, ["api_key": TestGateway.apiKey]).status == 410)
            #expect(try await gateway.connected().isEmpty)
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "//evil.example", "/done", "http://evil.example/", "https://app.example@evil.example/",
        "https://evil.example\\@app.example/", "data:text/html,x", "https://", "ftp://app.example/", "",
        "http://localhost.evil.example/",
    ])
    func `a redirect address has to be an https address`(address: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let response = try await gateway.send(.POST, "/link-token", ["tenant_id": "t", "redirect_uri": .string(address)])
            #expect(response.status == 400 && response.json["param"] == "redirect_uri", "\(address): \(response.json.text())")
        }
    }

    @Test(arguments: ["https://app.example/x", "app.example", "*", "https://app.example/", "http://app.example", "null"])
    func `an opener's origin has to be an origin`(origin: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let response = try await gateway.send(.POST, "/link-token", ["tenant_id": "t", "opener_origin": .string(origin)])
            #expect(response.status == 400 && response.json["param"] == "opener_origin", "\(response.json.text())")
        }
    }

    @Test func `addresses in a query lead nowhere`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let evil = "redirect_uri=https%3A%2F%2Fevil.example&link_token="
            let browser = Browser(gateway)
            let start = try await browser.get("/connect?\(evil)\(try await gateway.linkToken())")
            #expect(start.status == 303 && start.location.hasPrefix("/connect/"))
            for path in [start.location + "?cancel&\(evil)", start.location + "/lever?\(evil)", "/connect/lever/callback?\(evil)"] {
                let page = try await browser.get(path)
                #expect(!page.text.contains("evil.example") && !page.location.contains("evil.example"), "\(path)")
            }
        }
    }

    @Test func `the page that opened it is told, and no other where the link names one`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            for (origin, told) in [(nil, "*"), ("https://app.example", "https://app.example")] as [(String?, String)] {
                let browser = Browser(gateway)
                var body: JSONObject = ["tenant_id": "t1"]
                body["opener_origin"] = origin.map(JSONValue.string)
                let proved = try await browser.submit(try await gateway.form(browser, body), ["api_key": TestGateway.apiKey])
                let done = try await gateway.finish(browser, proved)
                let message = try JSONValue.parse(try #require(done.message))
                #expect(message["result"] == "success" && message["integration"] == "lever")
                #expect(message["integrated_account_id"]?.string != nil)
                #expect(done.text.contains("data-origin=\"\(told)\"") && done.forward == nil)
            }
        }
    }

    @Test func `a link offers what its environment has installed and enabled`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let installation = try await gateway.accounts.environmentIntegrations.findOrInstall("lever", environment: gateway.environmentID)
            _ = try await gateway.accounts.environmentIntegrations.update(
                installation.id, environment: gateway.environmentID, EnvironmentIntegrationPatch(isEnabled: false))
            let browser = Browser(gateway)
            let start = try await browser.get("/connect?link_token=\(try await gateway.linkToken())")
            for path in [start.location, start.location + "/lever", start.location + "/nobody"] {
                let page = try await browser.get(path)
                #expect(page.status == 422 && page.message?.contains("invalid_integration") == true, "\(path)")
            }
        }
    }

    @Test func `a link ends after seven days`() async throws {
        let passed = Mutex<Int64>(0)
        let live = Effects.live
        let effects = Effects(
            now: { live.now().adding(seconds: passed.withLock { $0 }) },
            uptime: { live.uptime() + .seconds(passed.withLock { $0 }) }, randomBytes: live.randomBytes)
        try await TestGateway.run(on: StoreKind.tested, effects: effects) { gateway in
            passed.withLock { $0 = 0 }
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let token = try await gateway.linkToken()
            let form = try await gateway.form(browser)
            passed.withLock { $0 = 7 * 86_400 - 60 }
            #expect(try await browser.get("/connect?link_token=\(token)").status == 303)
            passed.withLock { $0 = 7 * 86_400 + 1 }
            #expect(try await browser.get("/connect?link_token=\(token)").status == 410)
            #expect(try await browser.submit(form, ["api_key": TestGateway.apiKey]).status == 410)
            #expect(try await gateway.connected().isEmpty)
        }
    }

    @Test func `a session names itself by what only its browser knows`() {
        let session = ConnectSession(linkID: "a-b", token: "attlink_x")
        let cookies = session.cookie(isSecure: true)
        #expect(!cookies.contains(session.id))
        let read = ConnectSession(linkID: "a-b", cookies: "other=1; \(cookies.split(separator: ";")[0]); x=y")
        #expect(read?.id == session.id && read?.token == "attlink_x")
        #expect(ConnectSession(linkID: "a-c", cookies: String(cookies)) == nil)
        #expect(ConnectSession.each(in: "attache_connect_1=a.b; attache_connect_2=broken").map(\.linkID) == ["1"])
        #expect(session.isNamed(by: session.id) && !session.isNamed(by: nil) && !session.isNamed(by: session.id + "A"))
    }
}
