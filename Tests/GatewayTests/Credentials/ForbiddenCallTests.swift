import JSON
import NIOHTTP1
import Sandbox
import Testing

/// docs/wire.md#errors: an account remembers what its provider forbids.
@Suite struct ForbiddenCallTests {
    @Test(arguments: ["", "&truto_response_format=raw"])
    func `the account names the forbidden call until that call succeeds`(query: String) async throws {
        try await TestGateway.run { gateway in
            let account = try await gateway.accounts.connectByOAuth(gateway.sandbox, environment: gateway.environmentID)
            let lists = "/unified/ats/attachments?integrated_account_id=\(account)&candidate_id=\(LeverSeed.opportunityWithFiles)"
            func forbidden() async throws -> JSONValue? {
                try await gateway.call(.GET, "/integrated-account/\(account)").json["last_forbidden_error"]
            }

            let id = try #require(try await gateway.call(.GET, lists).json["result"]?.array?.first?["id"]?.string)
            try await gateway.behave(["match": ["method": "GET"], "times": 1, "do": ["status": 403, "body": "{}"]])
            #expect(try await gateway.call(.GET, lists + query).status == 403)
            let noted = try await forbidden()
            #expect(noted?["resource"] == "attachments")
            #expect(noted?["method"] == "list")
            #expect(noted?["missing_scopes"] == [])
            #expect(noted?["occurred_at"]?.string?.hasSuffix("Z") == true)

            // Another call says nothing about this one.
            let one = "/unified/ats/attachments/\(id)?" + lists.split(separator: "?")[1]
            #expect(try await gateway.call(.GET, one).status == 200)
            #expect(try await forbidden() == noted)

            #expect(try await gateway.call(.GET, lists + query).status == 200)
            #expect(try await forbidden() == .null)
            #expect(try await gateway.call(.GET, "/integrated-account/\(account)").json["status"] == "active")
        }
    }
}
