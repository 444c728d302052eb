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
    private func override(_ house: House, _ members: JSONObject) async throws {
        var override = members
        override["base_url"] = override["base_url"] ?? .string(house.sandbox.baseURL)
        let answer = try await house.call(
            .PATCH, "/integrated-account/\(house.accountID)", headers: [("content-type", "application/json")],
            body: ByteBuffer(bytes: JSONValue.object(["integration_override": .object(override)]).bytes()))
        #expect(answer.status == 200, "\(answer.json.text())")
    }

    @Test func `types that a method does not take are 415`() async throws {
        try await House.run { house in
            try await override(house, ["resources": ["uploads": ["create": ["accepted_types": [".pdf", "image/*"]]]]])
            let text = Form.Part.file("file", name: "a.exe", type: "application/x-msdownload", bytes: [1])
            let answer = try await house.upload(Form(text))
            #expect(answer.status == 415)
            #expect(answer.json["code"] == "file_type_not_accepted")
            #expect(try await house.upload(Form(Form.resume)).status == 200)
            #expect(try await house.upload(Form(.file("file", name: "x", type: "image/png", bytes: [1]))).status == 200)
        }
    }

    @Test func `a coded body is 415`() async throws {
        try await House.run { house in
            let answer = try await house.upload(Form(Form.resume), headers: [("content-encoding", "gzip")])
            #expect(answer.status == 415)
            #expect(answer.json["code"] == "unsupported_media_type")
        }
    }

    @Test func `fields that never end are 413`() async throws {
        try await House.run { house in
            let long = String(repeating: "x", count: 2 << 20)
            let answer = try await house.upload(Form(.field("a", long), Form.resume))
            #expect(answer.status == 413)
            #expect(answer.json["code"] == "body_too_large")
        }
    }

    @Test func `an address that may not be called is refused`() async throws {
        // Hosts that the operator has listed are still held to the egress policy.
        let rules = OverrideRules(hosts: ["127.0.0.1", "169.254.169.254", "[::1]", "10.0.0.1"])
        try await House.run(overrides: rules) { house in
            for address in ["http://127.0.0.1:1", "https://169.254.169.254", "https://[::1]", "https://10.0.0.1"] {
                try await override(house, ["base_url": .string(address)])
                let answer = try await house.upload(Form(Form.resume))
                #expect(answer.json["code"] == "egress_refused", "\(address): \(answer.json.text())")
                #expect(answer.status == 400)
            }
        }
    }

    @Test func `a blocked account is 503`() async throws {
        try await House.run { house in
            _ = try await house.accounts.integratedAccounts.update(
                house.accountID, environment: house.environmentID, IntegratedAccountPatch(isBlocked: true))
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.status == 503)
            #expect(answer.json["code"] == "account_blocked")
            #expect(answer.headers.first(name: "retry-after") != nil)
        }
    }

    @Test func `a token is held to its scopes`() async throws {
        try await House.run { house in
            let reader = try await house.accounts.tokens.create(
                name: "reader", environment: house.environmentID, scopes: ["ats/attachments:list"])
            let bearer = "Bearer \(reader.secret.exposed())"
            let path = "/unified/ats/attachments?integrated_account_id=\(house.accountID)&candidate_id=\(House.opportunity)"
            #expect(try await house.call(.GET, path, authorization: bearer).status == 200)
            let answer = try await house.call(.POST, path, authorization: bearer)
            #expect(answer.status == 403)
            #expect(answer.json["code"] == "forbidden")
        }
    }

    @Test func `our own limits are told before they bite`() async throws {
        var configuration = GatewayConfiguration()
        configuration.accountLimit = RequestLimit(requests: 2, seconds: 600)
        try await House.run(configuration: configuration) { house in
            let path = "/unified/ats/attachments?integrated_account_id=\(house.accountID)&candidate_id=\(House.opportunity)"
            for remaining in [1, 0] {
                let answer = try await house.call(.GET, path)
                #expect(answer.status == 200)
                #expect(answer.headers.first(name: "ratelimit-remaining") == String(remaining))
            }
            let answer = try await house.call(.GET, path)
            #expect(answer.status == 429)
            #expect(answer.json["code"] == "rate_limited")
            #expect(Int(answer.headers.first(name: "retry-after") ?? "") ?? 0 >= 1)
            #expect(answer.headers.first(name: "ratelimit-limit") == "2")
            #expect(try await house.call(.GET, "/ping").status == 200)
        }
    }

    @Test(arguments: [
        (#"{"status":429,"headers":{"retry-after":"Wed, 21 Oct 2015 07:28:00 GMT"},"body":"{}"}"#, 429, "remote_error"),
        (#"{"status":422,"body":"{\"message\":\"no\"}"}"#, 422, "remote_error"),
        (#"{"status":200,"headers":{"content-type":"application/json"},"body":"<html>"}"#, 502, "bad_provider_response"),
        (#"{"reset_at_byte":0,"side":"response"}"#, 500, "outcome_unknown"),
    ])
    func `what the provider does wrong has its status`(behaviour: String, status: Int, code: String) async throws {
        try await House.run { house in
            var request = HTTPClientRequest(url: house.sandbox.baseURL + "/_sandbox/behaviour")
            request.method = .POST
            request.body = .bytes(
                ByteBuffer(string: #"{"match":{"path":"/v1/uploads"},"times":9,"do":\#(behaviour)}"#))
            let made = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
            #expect(made.status == .created)
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.status == status, "\(answer.json.text())")
            #expect(answer.json["code"]?.string == code)
            if status == 429 {
                #expect(Int(answer.headers.first(name: "retry-after") ?? "") ?? 0 >= 1)
                #expect(answer.json["truto_error_insight"]?["rate_limit_error"] != nil)
            }
            if code == "bad_provider_response" { #expect(answer.json["truto_is_remote_error"] == true) }
        }
    }
}
