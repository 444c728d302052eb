import Accounts
import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// docs/wire.md#platform-resources: what is kept for an environment, and what never leaves again.
@Suite struct PlatformTests {
    private func send(_ gateway: TestGateway, _ method: HTTPMethod, _ path: String, _ json: JSONValue) async throws -> Answer {
        try await gateway.call(
            method, path, headers: [("content-type", "application/json")], body: ByteBuffer(bytes: json.bytes()))
    }

    @Test(arguments: [
        "/integrated-account", "/integration", "/environment-integration", "/unified-model",
        "/environment-unified-model", "/environment", "/api-token", "/webhook", "/webhook-delivery",
    ])
    func `lists have one envelope`(path: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(.GET, path)
            #expect(response.status == 200)
            #expect(response.json.object?.keys == ["result", "next_cursor", "limit"])
            #expect(response.json["result"]?.array != nil)
        }
    }

    @Test func `ping responds to whoever has a token`() async throws {
        try await TestGateway.run { gateway in
            let known = try await gateway.call(.GET, "/ping")
            let unknown = try await gateway.call(.GET, "/ping", authorization: nil)
            #expect(known.status == 200)
            #expect(unknown.status == 401)
        }
    }

    @Test func `an account is made, read, changed and deleted`() async throws {
        try await TestGateway.run { gateway in
            let made = try await send(
                gateway, .POST, "/integrated-account",
                [
                    "tenant_id": "t1", "integration": "lever", "authentication_method": "api_key",
                    "context": ["api_key": "secret-value", "colour": "green"],
                ])
            #expect(made.status == 200, "\(made.json.text())")
            let path = "/integrated-account/\(made.json["id"]?.string ?? "")"
            let read = try await gateway.call(.GET, path)
            #expect(read.json["tenant_id"] == "t1")
            #expect(read.json["context"] == ["colour": "green"])
            #expect(read.json["integration"]?["name"] == "lever")
            #expect(read.json["created_at"]?.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)

            let changed = try await send(gateway, .PATCH, path, ["context": ["colour": nil, "size": 3]])
            #expect(changed.json["context"] == ["size": 3])
            let stale = try await send(gateway, .PATCH, path, ["version": 1, "context": ["size": 4]])
            #expect(stale.status == 409)
            #expect(stale.json["code"] == "stale_version")

            #expect(try await gateway.call(.DELETE, path).json["id"] == read.json["id"])
            #expect(try await gateway.call(.GET, path).json["code"] == "not_found")
        }
    }

    @Test(arguments: [
        (#"{}"#, "tenant_id"), (#"{"tenant_id":"t"}"#, "environment_integration_id"),
        (#"{"tenant_id":"t","integration":"nowhere"}"#, "integration"),
        (#"{"tenant_id":"t","environment_integration_id":"x"}"#, "environment_integration_id"),
        (#"{"tenant_id":1,"integration":"lever"}"#, "tenant_id"),
        (#"{"tenant_id":"t","integration":"lever"}"#, "authentication_method"),
        (#"{"tenant_id":"t","integration":"lever","authentication_method":"apikey"}"#, "authentication_method"),
    ])
    func `a bad account names the member at fault`(body: String, param: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .POST, "/integrated-account", headers: [("content-type", "application/json")],
                body: ByteBuffer(string: body))
            #expect(response.status == 400)
            #expect(response.json["param"]?.string == param, "\(response.json.text())")
        }
    }

    @Test(arguments: ["{}", #"{"api_key":""}"#, #"{"api_key":null}"#, #"{"colour":"green"}"#])
    func `an account without a required credential is not made`(context: String) async throws {
        try await TestGateway.run { gateway in
            let refused = try await send(
                gateway, .POST, "/integrated-account",
                [
                    "tenant_id": "none", "integration": "lever", "authentication_method": "api_key",
                    "context": try JSONValue.parse(context),
                ])
            #expect(refused.status == 400)
            #expect(refused.json["code"] == "missing_body_fields" && refused.json["param"] == "context.api_key")
            #expect(refused.json["message"]?.string?.hasPrefix("context.api_key is required") == true)
            let none = try await gateway.call(.GET, "/integrated-account?tenant_id=none")
            #expect(none.json["result"]?.array?.isEmpty == true)
        }
    }

    @Test func `a required credential cannot be taken from an account`() async throws {
        try await TestGateway.run { gateway in
            let path = "/integrated-account/\(gateway.accountID)"
            for nothing: JSONValue in [nil, ""] {
                let refused = try await send(gateway, .PATCH, path, ["context": ["api_key": nothing]])
                #expect(refused.status == 400 && refused.json["param"] == "context.api_key")
            }
        }
    }

    @Test(arguments: [
        (#"{"integration":"lever"}"#, "tenant_id is required"),
        (#"{"tenant_id":"t"}"#, "environment_integration_id or integration is required"),
    ])
    func `a message spells a member as the caller has to`(body: String, message: String) async throws {
        try await TestGateway.run { gateway in
            let refused = try await send(gateway, .POST, "/integrated-account", try JSONValue.parse(body))
            #expect(refused.json["message"]?.string == message)
        }
    }

    @Test func `a resource that the vendor does not serve names those that it does`() async throws {
        try await TestGateway.run { gateway in
            let none = try await gateway.call(.GET, "/unified/ats/offices?integrated_account_id=\(gateway.accountID)")
            #expect(none.status == 404)
            #expect(none.json["code"] == "method_not_supported")
            #expect(none.json["message"]?.string?.contains("candidates: ") == true, "\(none.json.text())")
        }
    }

    @Test func `an integration is installed once`() async throws {
        try await TestGateway.run { gateway in
            let again = try await send(gateway, .POST, "/environment-integration", ["integration_id": "lever"])
            #expect(again.status == 409)
            #expect(again.json["code"] == "conflict")
            let known = try await gateway.call(.GET, "/environment-integration").json["result"]?.array?.first?["id"]?.string
            #expect(again.json["message"]?.string?.contains("PATCH /environment-integration/\(known ?? "?")") == true)
        }
    }

    @Test func `lists are filtered and paged`() async throws {
        try await TestGateway.run { gateway in
            for tenant in 0..<5 {
                _ = try await send(
                    gateway, .POST, "/integrated-account",
                    [
                        "tenant_id": .string("t\(tenant)"), "integration": "lever", "authentication_method": "api_key",
                        "context": ["api_key": "a-long-enough-key", "perform_as": "u"],
                    ])
            }
            let one = try await gateway.call(.GET, "/integrated-account?tenant_id=t3")
            #expect(one.json["result"]?.array?.count == 1)
            let some = try await gateway.call(.GET, "/integrated-account?tenant_id[in]=t1,t2&integration.name=lever")
            #expect(some.json["result"]?.array?.count == 2)
            let first = try await gateway.call(.GET, "/integrated-account?limit=4")
            #expect(first.json["result"]?.array?.count == 4)
            let cursor = try #require(first.json["next_cursor"]?.string)
            let rest = try await gateway.call(.GET, "/integrated-account?limit=4&next_cursor=\(cursor)")
            #expect(rest.json["result"]?.array?.count == 2)
            #expect(rest.json["next_cursor"] == .null)
            #expect(try await gateway.call(.GET, "/integrated-account?colour=green").status == 400)
        }
    }
}
