import Accounts
import JSON
import NIOHTTP1
import StorageTestSupport
import Testing

/// Connecting with an API key, over real sockets and against the pretend vendor.
@Suite struct ConnectKeyTests {
    @Test func `a key connects an account, and the browser is taken back`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let token = try await gateway.linkToken([
                "tenant_id": "t1", "redirect_uri": "https://app.example/done?a=1#top", "region": "eu",
                "context": ["team": "sales"],
            ])
            let browser = Browser(gateway)
            let start = try await browser.get("/connect?link_token=\(token)")
            #expect(start.status == 303)
            #expect(start.location.hasPrefix("/connect/") && !start.location.contains(token))
            let cookie = try #require(start.headers.first(name: "set-cookie"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/connect"))

            let chosen = try await browser.get(start.location)
            #expect(chosen.status == 303 && chosen.location == start.location + "/lever")
            let form = try await browser.get(chosen.location + "?method=api_key")
            #expect(form.status == 200 && form.text.contains("API key") && !form.text.contains(token))
            let proved = try await browser.submit(form, ["api_key": "  \(TestGateway.apiKey)\n"])
            let done = try await gateway.finish(browser, proved)
            #expect(done.status == 200, "\(done.text)")
            let accounts = try await gateway.connected()
            let account = try #require(accounts.first)
            let id = account["id"]?.string ?? ""
            #expect(accounts.count == 1)
            #expect(done.forward == "https://app.example/done?a=1&result=success&integrated_account_id=\(id)&integration=lever#top")
            #expect(account["status"] == "active" && account["region"] == "eu")
            #expect(account["authentication_method"] == "api_key")
            #expect(account["context"] == ["perform_as": .string(TestGateway.performAs), "team": "sales"])
            #expect(account["last_action_result"]?["success"] == true)
            #expect(browser.cookies.isEmpty)

            let list = "/unified/ats/attachments?integrated_account_id=\(id)&candidate_id=\(TestGateway.opportunity)"
            #expect(try await gateway.call(.GET, list).status == 200)
            let again = try await browser.get("/connect?link_token=\(token)")
            #expect(again.status == 410)
            #expect(again.message == #"{"source":"attache","result":"error","error_type":"invalid_token"}"#)
        }
    }

    @Test func `a wrong key is told, kept as a failed account, and can be put right on the same page`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser)
            let refused = try await browser.submit(form, ["api_key": "wrong-key"])
            #expect(refused.status == 422)
            #expect(refused.text.contains("Lever did not accept these credentials"))
            #expect(!refused.text.contains("wrong-key"))
            let failed = try #require(try await gateway.connected().first)
            #expect(failed["status"] == "validation_error")
            #expect(failed["last_error"]?["action"] == "validation" && failed["last_error"]?["status"] == 401)

            let cancelled = try await browser.get(try #require(refused.action).replacing("/lever", with: "?cancel=validation_error"))
            #expect(cancelled.message?.contains("\"error_type\":\"validation_error\"") == true)
            #expect(cancelled.message?.contains(failed["id"]?.string ?? "?") == true)

            let done = try await gateway.finish(browser, try await browser.submit(refused, ["api_key": TestGateway.apiKey]))
            #expect(done.status == 200, "\(done.text)")
            let accounts = try await gateway.connected()
            #expect(accounts.count == 1)
            #expect(accounts.first?["id"] == failed["id"] && accounts.first?["status"] == "active")
            #expect(accounts.first?["last_error"] == .null)
            // The form that was used up stays so.
            #expect(try await browser.submit(form, ["api_key": TestGateway.apiKey]).status == 410)
        }
    }

    @Test func `connecting again never breaks an account that works`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let path = "/integrated-account/\(gateway.accountID)"
            let before = try await gateway.call(.GET, path).json
            let form = try await gateway.form(browser, ["integrated_account_id": .string(gateway.accountID)])
            let refused = try await browser.submit(form, ["api_key": "wrong-key"])
            #expect(refused.status == 422)
            #expect(try await gateway.call(.GET, path).json == before)
            #expect(try await gateway.upload(Form(Form.resume)).status == 200)

            let done = try await gateway.finish(browser, try await browser.submit(refused, ["api_key": TestGateway.apiKey]))
            #expect(done.status == 200, "\(done.text)")
            let after = try await gateway.call(.GET, path).json
            #expect(after["status"] == "active" && after["context"] == ["perform_as": .string(TestGateway.performAs)])
            #expect(try await gateway.upload(Form(Form.resume)).status == 200)
        }
    }

    @Test func `of many who use a link at once one connects`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser)
            let fields = [
                ("session", form.hidden("session") ?? ""), ("method", "api_key"), ("fields[api_key]", TestGateway.apiKey),
            ]
            let action = try #require(form.action)
            let cookies = browser.cookies
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await Browser(gateway, cookies: cookies).send(.POST, action, form: fields).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 303 } == 1, "\(statuses)")
            #expect(statuses.allSatisfy { $0 == 303 || $0 == 410 }, "\(statuses)")
            #expect(try await gateway.connected().count == 1)
        }
    }

    @Test(
        arguments: [
            (["api_key": " "], "Enter the API key"), ([:], "Enter the API key"),
            (["api_key": "a\u{7}b"], "API key holds characters"),
        ] as [([String: String], String)])
    func `what is missing or wrong is said at the field, and nothing is used up`(fields: [String: String], message: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let browser = Browser(gateway)
            let form = try await gateway.form(browser)
            let response = try await browser.submit(form, fields)
            #expect(response.status == 422)
            #expect(response.text.contains("role=\"alert\"") && response.text.contains(message), "\(response.text)")
            #expect(response.text.contains("aria-invalid=\"true\""))
            #expect(try await gateway.connected().isEmpty)
            #expect(try await browser.submit(response, ["api_key": TestGateway.apiKey]).status == 303)
        }
    }

    @Test func `a provider that is down is not a wrong key`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            try await gateway.behave(["match": ["path": "/v1/opportunities"], "times": 9, "do": ["status": 500, "body": "{}"]])
            let browser = Browser(gateway)
            let response = try await browser.submit(try await gateway.form(browser), ["api_key": TestGateway.apiKey])
            #expect(response.status == 422 && !response.text.contains("did not accept"))
        }
    }
}
