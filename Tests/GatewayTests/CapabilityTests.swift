import JSON
import NIOCore
import NIOHTTP1
import Testing

/// What a client can know before it calls.
@Suite struct CapabilityTests {
    @Test func `of an integration say how it takes files`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(.GET, "/integration/lever/capabilities")
            #expect(response.status == 200)
            #expect(response.json["integration"] == ["id": "lever", "name": "lever", "label": "Lever", "category": "ats"])
            let attachments = try #require(response.json["unified"]?.array?.first { $0["resource"] == "attachments" })
            #expect(attachments["methods"]?.array?.contains("create") == true)
            let create = try #require(attachments["method_details"]?["create"])
            #expect(create["max_file_size"] == 30_000_000)
            #expect(create["upload"] == "multipart")
            #expect(create["evidence"] == "documented")
            #expect(response.json["auth"]?["formats"] == ["api_key", "oauth2"])
            #expect(response.json["account"] == nil)
        }
    }

    @Test func `of an account say whose they are`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .GET, "/integrated-account/\(gateway.accountID)/capabilities?methods=list,get&resource=attachments")
            #expect(response.json["account"]?["id"] == .string(gateway.accountID))
            #expect(response.json["environment_id"] == .string(gateway.environmentID))
            #expect(response.json["unified"]?.array?.map { $0["methods"] } == [["list", "get"]])
            #expect(try await gateway.call(.GET, "/integrated-account/\(gateway.environmentID)/capabilities").status == 404)
        }
    }

    @Test(arguments: [("type=proxy", 200, 0), ("type=other", 400, 0), ("has_description=maybe", 400, 0), ("resource=none", 200, 0)])
    func `can be narrowed`(query: String, status: Int, count: Int) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(.GET, "/integration/lever/capabilities?\(query)")
            #expect(response.status == status)
            if status == 200 { #expect(response.json["unified"]?.array?.count == count) }
            #expect(try await gateway.call(.GET, "/integration/nobody/capabilities").status == 404)
        }
    }

    @Test func `are named where a method is not among them`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .PATCH, "/unified/ats/attachments/x?integrated_account_id=\(gateway.accountID)",
                headers: [("content-type", "application/json")], body: .init(string: "{}"))
            #expect(response.status == 404, "\(response.json.text())")
            #expect(response.json["code"] == "method_not_supported")
            #expect(response.json["message"]?.string?.contains("attachments: ") == true)
        }
    }
}
