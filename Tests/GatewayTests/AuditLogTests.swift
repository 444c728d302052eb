import Accounts
import JSON
import NIOHTTP1
import StorageTestSupport
import Testing

/// `GET /audit`: what was done, and by whom.
@Suite struct AuditLogTests {
    @Test func `every change names the token or the link that made it`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            try await gateway.offerLever()
            let token = try #require(try await gateway.call(.GET, "/api-token").json["result"]?.array?.first?["id"]?.string)
            let model = try await gateway.send(.POST, "/environment-unified-model", ["unified_model_id": "ats"])
            #expect(model.status == 200, "\(model.json.text())")
            let id = model.json["id"]?.string ?? ""
            _ = try await gateway.send(
                .PATCH, "/environment-unified-model/\(id)", ["override": ["resources": ["attachments": ["description": "mine"]]]])
            let browser = Browser(gateway)
            let proved = try await browser.submit(try await gateway.form(browser), ["api_key": TestGateway.apiKey])
            #expect(proved.status == 303)

            let page = try await gateway.call(.GET, "/audit").json
            let entries = page["result"]?.array ?? []
            func actor(_ action: String) -> String? { entries.first { $0["action"]?.string == action }?["actor"]?.string }
            for action in ["environment_unified_model.installed", "environment_unified_model.updated"] {
                #expect(actor(action) == "token \(token)", "\(action)")
            }
            #expect(actor("integrated_account.actions_run")?.hasPrefix("link token ") == true)
            #expect(actor("environment.created") == "system", "the test made it by itself")
            #expect(!page.text().contains(TestGateway.apiKey))
            let times = entries.compactMap { $0["created_at"]?.string }
            #expect(times == times.sorted(by: >))
        }
    }

    @Test func `it is read page by page, and of one environment`() async throws {
        try await TestGateway.run { gateway in
            let other = try await gateway.accounts.environments.create(name: "Other")
            let all = try await gateway.call(.GET, "/audit?limit=1000").json["result"]?.array ?? []
            #expect(all.count > 2)
            let strangers = all.filter { $0["environment_id"]?.string != gateway.environmentID || $0["subject"]?.string == other.id }
            #expect(strangers.isEmpty)
            var (read, cursor): ([JSONValue], String?) = ([], nil)
            repeat {
                let page = try await gateway.call(.GET, "/audit?limit=1" + (cursor.map { "&next_cursor=\($0)" } ?? "")).json
                read += page["result"]?.array ?? []
                cursor = page["next_cursor"]?.string
            } while cursor != nil
            #expect(read == all)
        }
    }

    @Test(arguments: ["limit=0", "limit=x", "next_cursor=x", "colour=green"])
    func `what the list does not know is refused`(query: String) async throws {
        try await TestGateway.run { gateway in
            let refused = try await gateway.call(.GET, "/audit?\(query)")
            #expect(refused.status == 400)
        }
    }
}
