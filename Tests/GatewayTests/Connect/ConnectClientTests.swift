import Accounts
import FoundationEssentials
import JSON
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing

/// Connecting with a client of the customer's own (RFC 6749 §4.4), and choosing among integrations.
@Suite struct ConnectClientTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Definitions").path

    private static let values = [
        "client_id": LeverSeed.serviceClientID, "client_secret": LeverSeed.serviceClientSecret, "region": "eu",
    ]

    private func run(_ body: (TestGateway) async throws -> Void) async throws {
        try await TestGateway.run(on: StoreKind.tested, catalogFolders: [Self.folder]) { gateway in
            try await gateway.offerLever()
            let base = JSONValue.string(gateway.sandbox.baseURL)
            let installed = try await gateway.send(
                .POST, "/environment-integration",
                [
                    "integration_id": "harbor",
                    "override": ["base_url": base, "credentials": ["client": ["config": ["auth": ["tokenHost": base]]]]],
                ])
            #expect(installed.status == 200, "\(installed.json.text())")
            try await body(gateway)
        }
    }

    @Test func `a link for nothing in particular lists what is offered, and each can be gone on with`() async throws {
        try await run { gateway in
            let browser = Browser(gateway)
            let link = try await browser.get("/connect?link_token=\(try await gateway.linkToken())").location
            let page = try await browser.get(link)
            #expect(page.status == 200 && page.text.contains("What do you want to connect?"))
            let (harbor, lever) = (page.text.firstRange(of: "\(link)/harbor"), page.text.firstRange(of: "\(link)/lever"))
            #expect(try #require(harbor).lowerBound < #require(lever).lowerBound, "they are in the order of their names")
            #expect(page.text.contains("Harbor People &amp; Recruiting"))
            let form = try await browser.get("\(link)/harbor")
            #expect(form.hidden("method") == "client" && form.text.contains("Choose another"))
            #expect(try await browser.submit(form, Self.values).status == 200)
        }
    }

    @Test func `a client connects an account, which calls with its token`() async throws {
        try await run { gateway in
            let browser = Browser(gateway)
            let link = try await browser.get("/connect?link_token=\(try await gateway.linkToken())").location
            let done = try await browser.submit(try await browser.get("\(link)/harbor"), Self.values)
            #expect(done.status == 200, "\(done.text)")
            let account = try #require(try await gateway.connected().first)
            #expect(account["status"] == "active" && account["authentication_method"] == "client")
            #expect(account["context"]?["region"] == "eu")
            #expect(!account.text().contains(LeverSeed.serviceClientSecret))
            let calls = try await gateway.sandbox.requests("/v1/opportunities")
            #expect(calls.map { $0["headers"]?["authorization"] } == ["Bearer ****"])
        }
    }

    @Test func `a client that the provider does not know is told so, and nothing is stored`() async throws {
        try await run { gateway in
            let browser = Browser(gateway)
            let link = try await browser.get("/connect?link_token=\(try await gateway.linkToken())").location
            var values = Self.values
            values["client_secret"] = "canary-secret"
            let refused = try await browser.submit(try await browser.get("\(link)/harbor"), values)
            #expect(refused.status == 422)
            #expect(refused.text.contains("did not accept these credentials"), "\(refused.text)")
            #expect(!refused.text.contains("canary-secret"))
            #expect(refused.text.contains("value=\"\(LeverSeed.serviceClientID)\""), "what is no secret need not be typed again")
            #expect(try await gateway.connected().isEmpty)
            #expect(try await browser.submit(refused, Self.values).status == 200)
        }
    }
}
