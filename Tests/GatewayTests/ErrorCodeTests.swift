import Accounts
import AsyncHTTPClient
import Catalog
import Gateway
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// docs/wire.md#errors: the codes that need a special situation.
@Suite struct ErrorCodeTests {
    private func override(_ gateway: TestGateway, _ members: JSONObject) async throws {
        var override = members
        override["base_url"] = override["base_url"] ?? .string(gateway.sandbox.baseURL)
        let response = try await gateway.call(
            .PATCH, "/integrated-account/\(gateway.accountID)", headers: [("content-type", "application/json")],
            body: ByteBuffer(bytes: JSONValue.object(["integration_override": .object(override)]).bytes()))
        #expect(response.status == 200, "\(response.json.text())")
    }

    @Test func `types that a method does not take are 415`() async throws {
        try await TestGateway.run { gateway in
            try await override(gateway, ["resources": ["uploads": ["create": ["accepted_types": [".pdf", "image/*"]]]]])
            let text = Form.Part.file("file", name: "a.exe", type: "application/x-msdownload", bytes: [1])
            let response = try await gateway.upload(Form(text))
            #expect(response.status == 415)
            #expect(response.json["code"] == "file_type_not_accepted")
            #expect(try await gateway.upload(Form(Form.resume)).status == 200)
            #expect(try await gateway.upload(Form(.file("file", name: "x", type: "image/png", bytes: [1]))).status == 200)
        }
    }

    @Test func `a coded body is 415`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), headers: [("content-encoding", "gzip")])
            #expect(response.status == 415)
            #expect(response.json["code"] == "unsupported_media_type")
        }
    }

    @Test func `fields that never end are 413`() async throws {
        try await TestGateway.run { gateway in
            let long = String(repeating: "x", count: 2 << 20)
            let response = try await gateway.upload(Form(.field("a", long), Form.resume))
            #expect(response.status == 413)
            #expect(response.json["code"] == "body_too_large")
        }
    }

    @Test func `an address that may not be called is refused`() async throws {
        // Hosts that the operator has listed are still held to the egress policy.
        let rules = OverrideRules(hosts: ["127.0.0.1", "169.254.169.254", "[::1]", "10.0.0.1"])
        try await TestGateway.run(overrides: rules) { gateway in
            for address in ["http://127.0.0.1:1", "https://169.254.169.254", "https://[::1]", "https://10.0.0.1"] {
                try await override(gateway, ["base_url": .string(address)])
                let response = try await gateway.upload(Form(Form.resume))
                #expect(response.json["code"] == "egress_refused", "\(address): \(response.json.text())")
                #expect(response.status == 400)
            }
        }
    }

    @Test func `a blocked account is 503`() async throws {
        try await TestGateway.run { gateway in
            _ = try await gateway.accounts.integratedAccounts.update(
                gateway.accountID, environment: gateway.environmentID, IntegratedAccountPatch(isBlocked: true))
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 503)
            #expect(response.json["code"] == "account_blocked")
            #expect(response.headers.first(name: "retry-after") != nil)
        }
    }

    @Test func `a token is held to its scopes`() async throws {
        try await TestGateway.run { gateway in
            let reader = try await gateway.accounts.tokens.create(
                name: "reader", environment: gateway.environmentID, scopes: ["ats/attachments:list"])
            let bearer = "Bearer \(reader.secret.exposed())"
            let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
            #expect(try await gateway.call(.GET, path, authorization: bearer).status == 200)
            let response = try await gateway.call(.POST, path, authorization: bearer)
            #expect(response.status == 403)
            #expect(response.json["code"] == "forbidden")
        }
    }

    @Test func `our own limits are told before they bite`() async throws {
        var configuration = GatewayConfiguration()
        configuration.accountLimit = RequestLimit(requests: 2, seconds: 600)
        try await TestGateway.run(configuration: configuration) { gateway in
            let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
            for remaining in [1, 0] {
                let response = try await gateway.call(.GET, path)
                #expect(response.status == 200)
                #expect(response.headers.first(name: "ratelimit-remaining") == String(remaining))
            }
            let response = try await gateway.call(.GET, path)
            #expect(response.status == 429)
            #expect(response.json["code"] == "rate_limited")
            #expect(Int(response.headers.first(name: "retry-after") ?? "") ?? 0 >= 1)
            #expect(response.headers.first(name: "ratelimit-limit") == "2")
            #expect(try await gateway.call(.GET, "/ping").status == 200)
        }
    }

    @Test(arguments: [
        (#"{"status":429,"headers":{"retry-after":"Wed, 21 Oct 2015 07:28:00 GMT"},"body":"{}"}"#, 429, "remote_error"),
        (#"{"status":422,"body":"{\"message\":\"no\"}"}"#, 422, "remote_error"),
        (#"{"status":200,"headers":{"content-type":"application/json"},"body":"<html>"}"#, 502, "bad_provider_response"),
        (#"{"reset_at_byte":0,"side":"response"}"#, 500, "outcome_unknown"),
    ])
    func `what the provider does wrong has its status`(behaviour: String, status: Int, code: String) async throws {
        try await TestGateway.run { gateway in
            var request = HTTPClientRequest(url: gateway.sandbox.baseURL + "/_sandbox/behaviour")
            request.method = .POST
            request.body = .bytes(
                ByteBuffer(string: #"{"match":{"path":"/v1/uploads"},"times":9,"do":\#(behaviour)}"#))
            let made = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
            #expect(made.status == .created)
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == status, "\(response.json.text())")
            #expect(response.json["code"]?.string == code)
            if status == 429 {
                #expect(Int(response.headers.first(name: "retry-after") ?? "") ?? 0 >= 1)
                #expect(response.json["truto_error_insight"]?["rate_limit_error"] != nil)
            }
            if code == "bad_provider_response" { #expect(response.json["truto_is_remote_error"] == true) }
        }
    }
}
