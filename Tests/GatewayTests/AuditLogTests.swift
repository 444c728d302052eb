import Accounts
import JSON
import NIOHTTP1
import StorageTestSupport
import Testing

/// `GET /audit`: what was done, and by whom.
@Suite struct AuditLogTests {
    @Test func `every change names the token or the link that made it`() async throws {
        try await House.run(on: StoreKind.tested) { house in
            try await house.offerLever()
            let token = try #require(try await house.call(.GET, "/api-token").json["result"]?.array?.first?["id"]?.string)
            let model = try await house.send(.POST, "/environment-unified-model", ["unified_model_id": "ats"])
            #expect(model.status == 200, "\(model.json.text())")
            let id = model.json["id"]?.string ?? ""
            _ = try await house.send(
                .PATCH, "/environment-unified-model/\(id)", ["override": ["resources": ["attachments": ["description": "mine"]]]])
            let browser = Browser(house)
            let proved = try await browser.submit(try await house.form(browser), ["api_key": House.apiKey])
            #expect(proved.status == 303)

            let page = try await house.call(.GET, "/audit").json
            let entries = page["result"]?.array ?? []
            func actor(_ action: String) -> String? { entries.first { $0["action"]?.string == action }?["actor"]?.string }
            for action in ["environment_unified_model.installed", "environment_unified_model.updated"] {
                #expect(actor(action) == "token \(token)", "\(action)")
            }
            #expect(actor("integrated_account.actions_run")?.hasPrefix("link token ") == true)
            #expect(actor("environment.created") == "system", "the test made it by itself")
            #expect(!page.text().contains(House.apiKey))
            let times = entries.compactMap { $0["created_at"]?.string }
            #expect(times == times.sorted(by: >))
        }
    }

    @Test func `it is read page by page, and of one environment`() async throws {
        try await House.run { house in
            let other = try await house.accounts.environments.create(name: "Other")
            let all = try await house.call(.GET, "/audit?limit=1000").json["result"]?.array ?? []
            #expect(all.count > 2)
            let strangers = all.filter { $0["environment_id"]?.string != house.environmentID || $0["subject"]?.string == other.id }
            #expect(strangers.isEmpty)
            var (read, cursor): ([JSONValue], String?) = ([], nil)
            repeat {
                let page = try await house.call(.GET, "/audit?limit=1" + (cursor.map { "&next_cursor=\($0)" } ?? "")).json
                read += page["result"]?.array ?? []
                cursor = page["next_cursor"]?.string
            } while cursor != nil
            #expect(read == all)
        }
    }

    @Test(arguments: ["limit=0", "limit=x", "next_cursor=x", "colour=green"])
    func `what the list does not know is refused`(query: String) async throws {
        try await House.run { house in
            let refused = try await house.call(.GET, "/audit?\(query)")
            #expect(refused.status == 400)
        }
    }
}
