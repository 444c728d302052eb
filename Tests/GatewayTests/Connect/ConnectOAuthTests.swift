import Gateway
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing
import TestSupport

/// Connecting by the authorization code grant (RFC 6749 §4.1, RFC 7636, RFC 9207, RFC 9700), against the sandbox's
/// authorization server.
@Suite struct ConnectOAuthTests {
    /// Begins, and gives the address that the authorization server sends the browser back to.
    private func callback(_ gateway: TestGateway, _ browser: Browser, _ body: JSONObject = ["tenant_id": "t1"]) async throws -> String {
        let form = try await gateway.form(browser, body, method: "oauth2")
        let on = try await browser.submit(form, [:])
        let address = try #require(on.forward, "\(on.text)")
        let query = TestGateway.query(address)
        #expect(address.hasPrefix(gateway.sandbox.baseURL + "/authorize?"))
        #expect(query["code_challenge_method"] == "S256" && query["code_challenge"]?.count == 43)
        #expect(query["client_secret"] == nil && !address.contains("secret"))
        let back = try await browser.get(address)
        #expect(back.status == 302, "\(back.text)")
        return back.location
    }

    /// An address with one parameter of its query replaced, or taken away.
    private func changing(_ address: String, _ name: String, to value: String?) -> String {
        let halves = address.split(separator: "?", maxSplits: 1).map(String.init)
        var pairs = halves[1].split(separator: "&").map(String.init).filter { !$0.hasPrefix(name + "=") }
        if let value { pairs.append("\(name)=\(value)") }
        return halves[0] + "?" + pairs.joined(separator: "&")
    }

    @Test func `signing in connects an account that makes calls`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let address = try await callback(gateway, browser, ["tenant_id": "t1", "redirect_uri": "https://app.example/"])
            #expect(address.hasPrefix("\(gateway.baseURL)/connect/lever/callback?"))
            let done = try await gateway.finish(browser, try await browser.get(address))
            #expect(done.status == 200, "\(done.text)")
            let account = try #require(try await gateway.connected().first)
            let id = account["id"]?.string ?? ""
            #expect(done.forward == "https://app.example/?result=success&integrated_account_id=\(id)&integration=lever")
            #expect(account["status"] == "active" && account["authentication_method"] == "oauth2")
            #expect(account["context"]?["oauth"]?["token"]?["access_token"] == nil)
            #expect(account["context"]?["oauth"]?["token"]?["expires_at"]?.string != nil)
            let list = "/unified/ats/attachments?integrated_account_id=\(id)&candidate_id=\(TestGateway.opportunity)"
            #expect(try await gateway.call(.GET, list).status == 200)

            let again = try await browser.get(address)
            #expect(again.status == 403, "a callback counts once")
            #expect(try await gateway.connected().count == 1)
        }
    }

    @Test(arguments: [("state", "AAAA"), ("state", nil), ("state", "%00")] as [(String, String?)])
    func `a response with another state is refused before it is read`(name: String, value: String?) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let address = try await callback(gateway, browser)
            let response = try await browser.get(changing(address, name, to: value))
            #expect(response.status == 403)
            #expect(try await gateway.connected().isEmpty)
            #expect(try await browser.get(address).status == 303, "the right one still counts")
        }
    }

    @Test func `another browser cannot finish what this one began`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let address = try await callback(gateway, Browser(gateway))
            #expect(try await Browser(gateway).get(address).status == 403)
            let other = Browser(gateway)
            _ = try await gateway.form(other)
            #expect(try await other.get(address).status == 403)
            #expect(try await gateway.connected().isEmpty)
        }
    }

    @Test func `the state of an older redirect is worth nothing`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser, method: "oauth2")
            let older = try await browser.get(try #require(try await browser.submit(form, [:]).forward)).location
            let newer = try await browser.get(try #require(try await browser.submit(form, [:]).forward)).location
            #expect(try await browser.get(older).status == 403)
            #expect(try await browser.get(newer).status == 303)
        }
    }

    @Test(arguments: ["https%3A%2F%2Fevil.example%2F", nil] as [String?])
    func `a response in another server's name, or in nobody's, is refused`(issuer: String?) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let address = try await callback(gateway, browser)
            let response = try await browser.get(changing(address, "iss", to: issuer))
            #expect(response.status == 422)
            #expect(try await gateway.connected().isEmpty)
            let traded = try await gateway.received().contains { $0["path"] == "/oauth/token" }
            #expect(!traded, "the code was not sent anywhere")
        }
    }

    @Test func `a response for one vendor does not pass at another's address`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let address = try await callback(gateway, browser)
            #expect(try await browser.get(address.replacing("/connect/lever/", with: "/connect/acme/")).status == 403)
            #expect(try await gateway.connected().isEmpty)
        }
    }

    @Test func `a person who says no may try again`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let address = changing(try await callback(gateway, browser), "code", to: nil)
            let response = try await browser.get(address + "&error=access_denied&error_description=no")
            #expect(response.status == 422)
            #expect(response.text.contains("Access to Lever was not allowed"))
            #expect(try await gateway.connected().isEmpty)
            let on = try await browser.submit(response, [:])
            let back = try await browser.get(try #require(on.forward)).location
            #expect(try await browser.get(back).status == 303)
            #expect(try await gateway.connected().count == 1)
        }
    }

    @Test func `a code that the server does not know connects nothing`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let response = try await browser.get(changing(try await callback(gateway, browser), "code", to: "stolen"))
            #expect(response.status == 422 && response.text.contains("Lever refused the connection"))
            #expect(try await gateway.connected().isEmpty)
        }
    }

    @Test func `a host name of a request is not believed`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser, method: "oauth2")
            let raw = try await RawClient(gateway)
            let cookies = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            let body = "session=\(form.hidden("session") ?? "")&method=oauth2"
            try await raw.send(
                "POST \(form.action ?? "") HTTP/1.1\r\nhost: evil.example\r\ncookie: \(cookies)\r\nconnection: close\r\n"
                    + "content-type: application/x-www-form-urlencoded\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
            let response = try await raw.readUntil { $0.contains("</html>") }
            #expect(response.contains("public_url is missing") && !response.contains("evil.example"))
        }
    }

    @Test func `vendors send people back to the public address`() async throws {
        var configuration = GatewayConfiguration()
        configuration.publicURL = "https://gateway.example/ats"
        try await TestGateway.run(on: StoreKind.tested, configuration: configuration) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let start = try await browser.get("/connect?link_token=\(try await gateway.linkToken())")
            #expect(start.headers.first(name: "set-cookie")?.hasSuffix("; Secure") == true)
            let form = try await browser.get(start.location + "/lever?method=oauth2")
            let on = try #require(try await browser.submit(form, [:]).forward)
            #expect(TestGateway.query(on)["redirect_uri"] == "https%3A%2F%2Fgateway.example%2Fats%2Fconnect%2Flever%2Fcallback")
        }
    }
}
