import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// docs/wire.md#responses: the five formats, and what each parameter does to them.
@Suite struct FormatTests {
    @Test func `unified has what the provider gives, and the provider's own record`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.json.object?.keys == ["id", "file_name", "file_url", "expires_at", "remote_data"])
        }
    }

    @Test func `normalized is one fixed shape`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), query: "truto_response_format=normalized")
            #expect(
                response.json.object?.keys == [
                    "id", "file_name", "file_url", "candidate", "application", "job", "attachment_type", "expires_at",
                    "created_at", "updated_at",
                ])
            #expect(response.json["created_at"] == .null)
        }
    }

    @Test(arguments: ["raw", "stream"])
    func `raw and stream are the provider's status, type and bytes`(format: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), query: "truto_response_format=\(format)")
            #expect(response.status == 201)
            #expect(response.headers.first(name: "content-type") == "application/json; charset=utf-8")
            #expect(response.json["data"]?["filename"] == "resume.pdf")
        }
    }

    @Test func `debug shows the provider call without its credentials`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), query: "truto_response_format=debug")
            #expect(response.json["result"]?["file_name"] == "resume.pdf")
            #expect(response.json["debug"]?["requestUrl"]?.string == gateway.sandbox.baseURL + "/v1/uploads")
            #expect(response.json["debug"]?["data"]?["data"]?["filename"] == "resume.pdf")
            #expect(response.json["debug"]?["responseHeaders"]?["content-type"] != nil)
            #expect(response.json["debug"]?["requestOptions"]?["headers"]?["Authorization"] == "***")
        }
    }

    @Test(arguments: [
        ("truto_ignore_remote_data=true", ["id", "file_name", "file_url", "expires_at"]),
        ("truto_exclude_fields[]=id&truto_exclude_fields[]=file_url", ["file_name", "expires_at", "remote_data"]),
        ("truto_exclude_fields=remote_data,nothing", ["id", "file_name", "file_url", "expires_at"]),
        ("truto_ignore_remote_data=0", ["id", "file_name", "file_url", "expires_at", "remote_data"]),
    ])
    func `fields can be left out`(query: String, fields: [String]) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), query: query)
            #expect(response.status == 200)
            #expect(response.json.object?.keys == fields)
        }
    }

    @Test func `a remote query reaches the provider and wins`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(
                Form(.field("candidate_id", TestGateway.opportunity), Form.resume),
                query: "remote_query[perform_as]=\(TestGateway.performAs)&remote_query[a][b]=1&remote_query[c][]=2")
            #expect(response.status == 200, "\(response.json.text())")
            let query = try await gateway.received()[0]["query_string"]?.string ?? ""
            #expect(query.contains("perform_as=\(TestGateway.performAs)"))
            #expect(query.contains("a%5Bb%5D=1"))
        }
    }

    @Test func `two slashes are one`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .GET, "//unified/ats//attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)")
            #expect(response.status == 200)
        }
    }

    @Test func `an unknown path is 404, a wrong method 405 with Allow`() async throws {
        try await TestGateway.run { gateway in
            #expect(try await gateway.call(.GET, "/nothing").json["code"] == "not_found")
            #expect(try await gateway.call(.GET, "/unified/crm/x?integrated_account_id=\(gateway.accountID)").status == 404)
            let unmapped = try await gateway.call(.GET, "/unified/ats/offices?integrated_account_id=\(gateway.accountID)")
            #expect(unmapped.status == 404)
            let wrong = try await gateway.call(.PUT, "/integrated-account")
            #expect(wrong.status == 405)
            #expect(wrong.headers.first(name: "allow") == "GET, POST, HEAD")
        }
    }
}
