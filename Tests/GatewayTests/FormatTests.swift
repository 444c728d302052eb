import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// docs/wire.md#responses: the five formats, and what each parameter does to them.
@Suite struct FormatTests {
    @Test func `unified has what the provider gives, and the provider's own record`() async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.json.object?.keys == ["id", "file_name", "file_url", "expires_at", "remote_data"])
        }
    }

    @Test func `normalized is one fixed shape`() async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume), query: "truto_response_format=normalized")
            #expect(
                answer.json.object?.keys == [
                    "id", "file_name", "file_url", "candidate", "application", "job", "attachment_type", "expires_at",
                    "created_at", "updated_at",
                ])
            #expect(answer.json["created_at"] == .null)
        }
    }

    @Test(arguments: ["raw", "stream"])
    func `raw and stream are the provider's status, type and bytes`(format: String) async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume), query: "truto_response_format=\(format)")
            #expect(answer.status == 201)
            #expect(answer.headers.first(name: "content-type") == "application/json; charset=utf-8")
            #expect(answer.json["data"]?["filename"] == "resume.pdf")
        }
    }

    @Test func `debug shows the provider call without its credentials`() async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume), query: "truto_response_format=debug")
            #expect(answer.json["result"]?["file_name"] == "resume.pdf")
            #expect(answer.json["debug"]?["requestUrl"]?.string == house.sandbox.baseURL + "/v1/uploads")
            #expect(answer.json["debug"]?["data"]?["data"]?["filename"] == "resume.pdf")
            #expect(answer.json["debug"]?["responseHeaders"]?["content-type"] != nil)
            #expect(answer.json["debug"]?["requestOptions"]?["headers"]?["Authorization"] == "***")
        }
    }

    @Test(arguments: [
        ("truto_ignore_remote_data=true", ["id", "file_name", "file_url", "expires_at"]),
        ("truto_exclude_fields[]=id&truto_exclude_fields[]=file_url", ["file_name", "expires_at", "remote_data"]),
        ("truto_exclude_fields=remote_data,nothing", ["id", "file_name", "file_url", "expires_at"]),
        ("truto_ignore_remote_data=0", ["id", "file_name", "file_url", "expires_at", "remote_data"]),
    ])
    func `fields can be left out`(query: String, fields: [String]) async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume), query: query)
            #expect(answer.status == 200)
            #expect(answer.json.object?.keys == fields)
        }
    }

    @Test func `a remote query reaches the provider and wins`() async throws {
        try await House.run { house in
            let answer = try await house.upload(
                Form(.field("candidate_id", House.opportunity), Form.resume),
                query: "remote_query[perform_as]=\(House.performAs)&remote_query[a][b]=1&remote_query[c][]=2")
            #expect(answer.status == 200, "\(answer.json.text())")
            let query = try await house.received()[0]["query_string"]?.string ?? ""
            #expect(query.contains("perform_as=\(House.performAs)"))
            #expect(query.contains("a%5Bb%5D=1"))
        }
    }

    @Test func `two slashes are one`() async throws {
        try await House.run { house in
            let answer = try await house.call(
                .GET, "//unified/ats//attachments?integrated_account_id=\(house.accountID)&candidate_id=\(House.opportunity)")
            #expect(answer.status == 200)
        }
    }

    @Test func `an unknown path is 404, a wrong method 405 with Allow`() async throws {
        try await House.run { house in
            #expect(try await house.call(.GET, "/nothing").json["code"] == "not_found")
            #expect(try await house.call(.GET, "/unified/crm/x?integrated_account_id=\(house.accountID)").status == 404)
            let unmapped = try await house.call(.GET, "/unified/ats/offices?integrated_account_id=\(house.accountID)")
            #expect(unmapped.status == 404)
            let wrong = try await house.call(.PUT, "/integrated-account")
            #expect(wrong.status == 405)
            #expect(wrong.headers.first(name: "allow") == "GET, POST, HEAD")
        }
    }
}
