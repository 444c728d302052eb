import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// What was uploaded can be listed, read and deleted.
@Suite struct ListTests {
    private func list(_ gateway: TestGateway, _ query: String) async throws -> Answer {
        try await gateway.call(.GET, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(query)")
    }

    @Test func `an upload shows in the list, is found, and is gone when deleted`() async throws {
        try await TestGateway.run { gateway in
            let act = "remote_query[perform_as]=\(TestGateway.performAs)"
            let created = try await gateway.upload(
                Form(.field("candidate_id", TestGateway.opportunity), Form.resume), query: act)
            let id = try #require(created.json["id"]?.string)
            let candidate = "integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"

            let listed = try await list(gateway, "candidate_id=\(TestGateway.opportunity)")
            #expect(listed.json["result"]?.array?.contains { $0["id"]?.string == id } == true)
            let found = try await gateway.call(.GET, "/unified/ats/attachments/\(id)?\(candidate)")
            #expect(found.status == 200)
            #expect(found.json["file_name"] == "resume.pdf")
            let deleted = try await gateway.call(.DELETE, "/unified/ats/attachments/\(id)?\(candidate)&\(act)")
            #expect(deleted.json == ["id": .string(id)])
            #expect(try await gateway.call(.GET, "/unified/ats/attachments/\(id)?\(candidate)").status == 404)
            let after = try await list(gateway, "candidate_id=\(TestGateway.opportunity)")
            #expect(after.json["result"]?.array?.contains { $0["id"]?.string == id } == false)
        }
    }

    @Test(arguments: [1, 3, 10, 100])
    func `every page size walks files and résumés once each, to the end`(limit: Int) async throws {
        try await TestGateway.run { gateway in
            var seed = HTTPClientRequest(url: gateway.sandbox.baseURL + "/_sandbox/seed")
            seed.method = .POST
            seed.body = .bytes(
                ByteBuffer(string: #"{"opportunity":"\#(TestGateway.opportunity)","files":7,"resumes":3}"#))
            _ = try await HTTPClient.shared.execute(seed, timeout: .seconds(10))

            var ids: [String] = []
            var cursor = ""
            var pages = 0
            repeat {
                let page = try await list(
                    gateway, "candidate_id=\(TestGateway.opportunity)&limit=\(limit)&next_cursor=\(cursor)")
                #expect(page.status == 200, "\(page.json.text())")
                let result = page.json["result"]?.array ?? []
                #expect(page.json["result_count"]?.int == result.count)
                ids += result.compactMap { $0["id"]?.string }
                cursor = page.json["next_cursor"]?.string ?? ""
                pages += 1
            } while !cursor.isEmpty && pages < 30
            #expect(ids.count == 10)
            #expect(Set(ids).count == 10)
            if limit == 3 { #expect(pages >= 3) }
        }
    }

    @Test func `a list without its candidate says what it needs`() async throws {
        try await TestGateway.run { gateway in
            let response = try await list(gateway, "")
            #expect(response.status == 400)
            #expect(response.json["code"] == "missing_query_parameter")
            #expect(
                response.json["truto_error_insight"]?["missing_required_query_parameters"]?["value"]
                    == ["candidate_id", "application_id"])
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=x", "limit"), ("next_cursor=%21", "next_cursor"), ("next_cursor=YWJj", "next_cursor"),
        ("created_at=yesterday", "created_at"), ("created_at[gt]=2024-13-45", "created_at"),
        ("created_at[like]=2024-01-01", "created_at"),
    ])
    func `bad paging is refused`(query: String, name: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await list(gateway, "candidate_id=\(TestGateway.opportunity)&\(query)")
            #expect(response.status == 400)
            #expect(response.json["param"]?.string == name)
        }
    }

    @Test(arguments: [
        ("created_at[gte]=2026-01-05T09:00:00.000Z", 2), ("created_at[gt]=2026-01-05T09:00:00.000Z", 0),
        ("created_at[lt]=2026-01-01", 0), ("created_at[lte]=2026-01-05T09:00:00Z", 2),
    ])
    func `a list is bounded in time`(query: String, count: Int) async throws {
        try await TestGateway.run { gateway in
            let response = try await list(gateway, "candidate_id=22222222-2222-4222-8222-222222222222&\(query)")
            #expect(response.json["result"]?.array?.count == count, "\(response.json.text())")
        }
    }

    @Test func `a list can be keyed by a field`() async throws {
        try await TestGateway.run { gateway in
            let response = try await list(
                gateway, "candidate_id=22222222-2222-4222-8222-222222222222&truto_key_by=file_name")
            #expect(response.json["result"]?.object?.keys == ["Portfolio.pdf", "Resume.pdf"])
        }
    }
}
