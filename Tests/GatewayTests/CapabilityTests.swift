import JSON
import NIOCore
import NIOHTTP1
import Testing

/// What a client can know before it calls.
@Suite struct CapabilityTests {
    @Test func `of an integration say how it takes files`() async throws {
        try await House.run { house in
            let answer = try await house.call(.GET, "/integration/lever/capabilities")
            #expect(answer.status == 200)
            #expect(answer.json["integration"] == ["id": "lever", "name": "lever", "label": "Lever", "category": "ats"])
            let attachments = try #require(answer.json["unified"]?.array?.first { $0["resource"] == "attachments" })
            #expect(attachments["methods"]?.array?.contains("create") == true)
            let create = try #require(attachments["method_details"]?["create"])
            #expect(create["max_file_size"] == 30_000_000)
            #expect(create["upload"] == "multipart")
            #expect(create["evidence"] == "documented")
            #expect(answer.json["auth"]?["formats"] == ["api_key", "oauth2"])
            #expect(answer.json["account"] == nil)
        }
    }

    @Test func `of an account say whose they are`() async throws {
        try await House.run { house in
            let answer = try await house.call(.GET, "/integrated-account/\(house.accountID)/capabilities?methods=list,get&resource=attachments")
            #expect(answer.json["account"]?["id"] == .string(house.accountID))
            #expect(answer.json["environment_id"] == .string(house.environmentID))
            #expect(answer.json["unified"]?.array?.map { $0["methods"] } == [["list", "get"]])
            #expect(try await house.call(.GET, "/integrated-account/\(house.environmentID)/capabilities").status == 404)
        }
    }

    @Test(arguments: [("type=proxy", 200, 0), ("type=other", 400, 0), ("has_description=maybe", 400, 0), ("resource=none", 200, 0)])
    func `can be narrowed`(query: String, status: Int, count: Int) async throws {
        try await House.run { house in
            let answer = try await house.call(.GET, "/integration/lever/capabilities?\(query)")
            #expect(answer.status == status)
            if status == 200 { #expect(answer.json["unified"]?.array?.count == count) }
            #expect(try await house.call(.GET, "/integration/nobody/capabilities").status == 404)
        }
    }

    @Test func `are named where a method is not among them`() async throws {
        try await House.run { house in
            let answer = try await house.call(
                .PATCH, "/unified/ats/attachments/x?integrated_account_id=\(house.accountID)",
                headers: [("content-type", "application/json")], body: .init(string: "{}"))
            #expect(answer.status == 404, "\(answer.json.text())")
            #expect(answer.json["code"] == "method_not_supported")
            #expect(answer.json["message"]?.string?.contains("attachments: ") == true)
        }
    }
}
