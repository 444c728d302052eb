import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing

/// The second step of the connect page: what the vendor lists once the credentials work.
@Suite struct ConnectChoosingTests {
    private func proved(
        _ gateway: TestGateway, _ browser: Browser, _ body: JSONObject = ["tenant_id": "t1"], key: String = TestGateway.apiKey
    ) async throws -> Browser.Page {
        try await browser.submit(try await gateway.form(browser, body), ["api_key": key])
    }

    @Test func `the vendor's list is offered, and the account is incomplete until something is chosen`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let first = try await gateway.form(Browser(gateway))
            #expect(!first.text.contains("User to act as"), "only the credentials can list it")
            let page = try await gateway.choosing(browser, try await proved(gateway, browser))
            #expect(page.status == 200 && page.text.contains("Finish connecting Lever"))
            #expect(page.text.contains("<option value=\"\(TestGateway.performAs)\">Sandbox Recruiter (recruiter@sandbox.example)"))
            #expect(!page.text.contains("Sandbox Leaver") && !page.text.contains("(optional)"))
            let account = try #require(try await gateway.connected().first)
            #expect(account["status"] == "incomplete" && account["last_action_result"]?["success"] == true)

            let missing = try await browser.submit(page, ["perform_as": ""])
            #expect(missing.status == 422 && missing.text.contains("Choose the user to act as"), "\(missing.text)")
            #expect(try await gateway.connected().first?["status"] == "incomplete")
            // The page can be loaded again.
            #expect(try await browser.get((page.action ?? "") + "?step=choose").text.contains("Sandbox Recruiter"))

            let done = try await browser.submit(missing, ["perform_as": TestGateway.performAs])
            #expect(done.message?.contains("\"result\":\"success\"") == true, "\(done.text)")
            let after = try await gateway.connected()
            #expect(after.count == 1 && after[0]["id"] == account["id"] && after[0]["status"] == "active")
            #expect(after[0]["context"]?["perform_as"]?.string == TestGateway.performAs)
            let upload =
                "/unified/ats/attachments?integrated_account_id=\(account["id"]?.string ?? "")"
                + "&candidate_id=\(TestGateway.opportunity)&file_name=a.txt"
            let stored = try await gateway.call(
                .POST, upload, headers: [("content-type", "text/plain")], body: .init(string: "text"))
            #expect(stored.status == 200, "\(stored.json.text())")
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test func `a list that cannot be had is typed in`() async throws {
        try await TestGateway.run { gateway in
            try await gateway.offerLever()
            try await gateway.behave(["match": ["path": "/v1/users"], "times": 9, "do": ["status": 403, "body": "{}"]])
            let browser = Browser(gateway)
            let page = try await gateway.choosing(browser, try await proved(gateway, browser))
            #expect(page.text.contains("name=\"fields[perform_as]\"") && !page.text.contains("<select"))
            let wrong = try await browser.submit(page, ["perform_as": "nobody"])
            #expect(wrong.status == 422 && wrong.text.contains("User to act as must be an id"))
            #expect(try await browser.submit(wrong, ["perform_as": TestGateway.performAs]).status == 200)
            #expect(try await gateway.connected().first?["status"] == "active")
        }
    }

    @Test func `what the link gives is not asked for`() async throws {
        try await TestGateway.run { gateway in
            try await gateway.offerLever()
            let done = try await proved(
                gateway, Browser(gateway), ["tenant_id": "t1", "context": ["perform_as": .string(TestGateway.performAs)]])
            #expect(done.status == 200 && done.text.contains("Lever is connected"))
            #expect(try await gateway.connected().first?["status"] == "active")
        }
    }

    @Test func `an account that is connected again keeps its choice until another is made`() async throws {
        try await TestGateway.run { gateway in
            try await gateway.offerLever()
            let path = "/integrated-account/\(gateway.accountID)"
            _ = try await gateway.send(.PATCH, path, ["context": ["perform_as": .string(TestGateway.performAs)]])
            let browser = Browser(gateway)
            let page = try await gateway.choosing(
                browser, try await proved(gateway, browser, ["integrated_account_id": .string(gateway.accountID)]))
            #expect(page.text.contains("<option value=\"\(TestGateway.performAs)\" selected=\"\">"))
            let between = try await gateway.call(.GET, path).json
            #expect(between["status"] == "active" && between["context"]?["perform_as"]?.string == TestGateway.performAs)
        }
    }

    @Test func `over the API a required choice may come later, and any text is taken`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let made = try await gateway.send(
                .POST, "/integrated-account",
                [
                    "tenant_id": "t1", "integration": "lever", "authentication_method": "api_key",
                    "context": ["api_key": .string(TestGateway.apiKey)],
                ])
            #expect(made.status == 200 && made.json["status"] == "incomplete", "\(made.json.text())")
            let id = made.json["id"]?.string ?? ""
            let run = try await gateway.send(.POST, "/integrated-account/run-post-install-actions", ["id": .string(id)])
            #expect(run.status == 200)
            #expect(try await gateway.connected().first?["status"] == "incomplete", "never active until it is chosen")

            // A link for it begins with the choice.
            let browser = Browser(gateway)
            let link = try await browser.get(
                "/connect?link_token=\(try await gateway.linkToken(["integrated_account_id": .string(id)]))"
            ).location
            #expect(try await browser.get("\(link)/lever").text.contains("Sandbox Recruiter"))
            #expect(try await browser.get("\(link)/lever?method=api_key").text.contains("API key"))

            let path = "/integrated-account/\(id)"
            #expect(try await gateway.send(.PATCH, path, ["context": ["team": "a"]]).json["status"] == "incomplete")
            #expect(try await gateway.send(.PATCH, path, ["context": ["perform_as": "any"]]).json["status"] == "active")
            #expect(try await gateway.send(.PATCH, path, ["context": ["perform_as": .null]]).status == 400)
        }
    }

    @Test func `the page says for whom it asks`() async throws {
        try await TestGateway.run { gateway in
            try await gateway.offerLever()
            let plain = try await gateway.form(Browser(gateway))
            #expect(plain.text.contains("For <strong>Test</strong>"), "the environment's name")
            let logo = "data:image/png;base64,iVBORw0KGgo="
            let body: JSONObject = [
                "tenant_id": "t1", "application_name": "Hire & <Co>", "application_logo": .string(logo),
            ]
            let browser = Browser(gateway)
            let named = try await gateway.form(browser, body)
            #expect(named.text.contains("For <strong>Hire &amp; &lt;Co&gt;</strong>") && named.text.contains("src=\"\(logo)\""))
            let next = try await gateway.choosing(browser, try await browser.submit(named, ["api_key": TestGateway.apiKey]))
            #expect(next.text.contains("For <strong>Hire &amp;"))
        }
    }

    @Test(arguments: ["https://app.example/logo.png", "data:text/html;base64,PGI+", "javascript:alert(1)", ""])
    func `an application's logo is an image that comes with the page`(logo: String) async throws {
        try await TestGateway.run { gateway in
            let refused = try await gateway.send(
                .POST, "/link-token", ["tenant_id": "t", "application_name": "A", "application_logo": .string(logo)])
            #expect(refused.status == 400 && refused.json["param"] == "application_logo", "\(refused.json.text())")
        }
    }
}
