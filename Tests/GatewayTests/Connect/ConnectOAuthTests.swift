import Gateway
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing

/// Connecting by the authorization code grant (RFC 6749 §4.1, RFC 7636, RFC 9207, RFC 9700), against the sandbox's
/// authorization server.
@Suite struct ConnectOAuthTests {
    /// Begins, and gives the address that the authorization server sends the browser back to.
    private func callback(_ house: House, _ browser: Browser, _ body: JSONObject = ["tenant_id": "t1"]) async throws -> String {
        let form = try await house.form(browser, body, method: "oauth2")
        let on = try await browser.submit(form, [:])
        let address = try #require(on.forward, "\(on.text)")
        let query = House.query(address)
        #expect(address.hasPrefix(house.sandbox.baseURL + "/authorize?"))
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
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let address = try await callback(house, browser, ["tenant_id": "t1", "redirect_uri": "https://app.example/"])
            #expect(address.hasPrefix("\(house.baseURL)/connect/lever/callback?"))
            let done = try await house.finish(browser, try await browser.get(address))
            #expect(done.status == 200, "\(done.text)")
            let account = try #require(try await house.connected().first)
            let id = account["id"]?.string ?? ""
            #expect(done.forward == "https://app.example/?result=success&integrated_account_id=\(id)&integration=lever")
            #expect(account["status"] == "active" && account["authentication_method"] == "oauth2")
            #expect(account["context"]?["oauth"]?["token"]?["access_token"] == nil)
            #expect(account["context"]?["oauth"]?["token"]?["expires_at"]?.string != nil)
            let list = "/unified/ats/attachments?integrated_account_id=\(id)&candidate_id=\(House.opportunity)"
            #expect(try await house.call(.GET, list).status == 200)

            let again = try await browser.get(address)
            #expect(again.status == 403, "a callback counts once")
            #expect(try await house.connected().count == 1)
        }
    }

    @Test(arguments: [("state", "AAAA"), ("state", nil), ("state", "%00")] as [(String, String?)])
    func `an answer with another state is refused before it is read`(name: String, value: String?) async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let address = try await callback(house, browser)
            let answer = try await browser.get(changing(address, name, to: value))
            #expect(answer.status == 403)
            #expect(try await house.connected().isEmpty)
            #expect(try await browser.get(address).status == 303, "the right one still counts")
        }
    }

    @Test func `another browser cannot finish what this one began`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let address = try await callback(house, Browser(house))
            #expect(try await Browser(house).get(address).status == 403)
            let other = Browser(house)
            _ = try await house.form(other)
            #expect(try await other.get(address).status == 403)
            #expect(try await house.connected().isEmpty)
        }
    }

    @Test func `the state of an older redirect is worth nothing`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let form = try await house.form(browser, method: "oauth2")
            let older = try await browser.get(try #require(try await browser.submit(form, [:]).forward)).location
            let newer = try await browser.get(try #require(try await browser.submit(form, [:]).forward)).location
            #expect(try await browser.get(older).status == 403)
            #expect(try await browser.get(newer).status == 303)
        }
    }

    @Test(arguments: ["https%3A%2F%2Fevil.example%2F", nil] as [String?])
    func `an answer in another server's name, or in nobody's, is refused`(issuer: String?) async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let address = try await callback(house, browser)
            let answer = try await browser.get(changing(address, "iss", to: issuer))
            #expect(answer.status == 422)
            #expect(try await house.connected().isEmpty)
            let traded = try await house.received().contains { $0["path"] == "/oauth/token" }
            #expect(!traded, "the code was not sent anywhere")
        }
    }

    @Test func `an answer for one vendor does not pass at another's address`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let address = try await callback(house, browser)
            #expect(try await browser.get(address.replacing("/connect/lever/", with: "/connect/acme/")).status == 403)
            #expect(try await house.connected().isEmpty)
        }
    }

    @Test func `a person who says no may try again`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let address = changing(try await callback(house, browser), "code", to: nil)
            let answer = try await browser.get(address + "&error=access_denied&error_description=no")
            #expect(answer.status == 422)
            #expect(answer.text.contains("Access to Lever was not allowed"))
            #expect(try await house.connected().isEmpty)
            let on = try await browser.submit(answer, [:])
            let back = try await browser.get(try #require(on.forward)).location
            #expect(try await browser.get(back).status == 303)
            #expect(try await house.connected().count == 1)
        }
    }

    @Test func `a code that the server does not know connects nothing`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let answer = try await browser.get(changing(try await callback(house, browser), "code", to: "stolen"))
            #expect(answer.status == 422 && answer.text.contains("Lever refused the connection"))
            #expect(try await house.connected().isEmpty)
        }
    }

    @Test func `a host name of a request is not believed`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let form = try await house.form(browser, method: "oauth2")
            let raw = try await RawClient(house)
            let cookies = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            let body = "session=\(form.hidden("session") ?? "")&method=oauth2"
            try await raw.send(
                "POST \(form.action ?? "") HTTP/1.1\r\nhost: evil.example\r\ncookie: \(cookies)\r\nconnection: close\r\n"
                    + "content-type: application/x-www-form-urlencoded\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try await raw.readUntil { $0.contains("</html>") }
            #expect(answer.contains("public_url is missing") && !answer.contains("evil.example"))
        }
    }

    @Test func `vendors send people back to the public address`() async throws {
        var configuration = GatewayConfiguration()
        configuration.publicURL = "https://gateway.example/ats"
        try await House.run(on: StoreKind.tested, configuration: configuration) { house in
            try await house.offerLever()
            let browser = Browser(house)
            let start = try await browser.get("/connect?link_token=\(try await house.linkToken())")
            #expect(start.headers.first(name: "set-cookie")?.hasSuffix("; Secure") == true)
            let form = try await browser.get(start.location + "/lever?method=oauth2")
            let on = try #require(try await browser.submit(form, [:]).forward)
            #expect(House.query(on)["redirect_uri"] == "https%3A%2F%2Fgateway.example%2Fats%2Fconnect%2Flever%2Fcallback")
        }
    }
}
