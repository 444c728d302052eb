import Accounts
import JSON
import NIOHTTP1
import Sandbox
import Storage
import Testing

/// docs/definitions.md: keys that decide what becomes of a call after the provider has it.
@Suite struct DefinitionKeyEffectTests {
    private static func override(_ gateway: TestGateway, _ definition: JSONObject) async throws {
        var whole = definition
        whole["base_url"] = .string(gateway.sandbox.baseURL)
        let response = try await gateway.send(
            .PATCH, "/integrated-account/\(gateway.accountID)", ["integration_override": .object(whole)])
        #expect(response.status == 200, "\(response.json.text())")
    }

    @Test(arguments: [(true, 200, 2), (false, 500, 1)])
    func `a call is sent again after a lost response only where it is idempotent`(
        isIdempotent: Bool, status: Int, sent: Int
    ) async throws {
        try await TestGateway.run { gateway in
            try await Self.override(
                gateway, ["resources": ["uploads": ["create": ["idempotent": .bool(isIdempotent)]]]])
            try await gateway.behave([
                "match": ["method": "POST", "path": "/v1/uploads"], "times": 1,
                "do": ["reset_at_byte": 0, "side": "response"],
            ])
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == status, "\(response.json.text())")
            if !isIdempotent { #expect(response.json["code"] == "outcome_unknown") }
            #expect(try await gateway.sandbox.requests("/v1/uploads").count == sent)
        }
    }

    @Test(arguments: [("$number(headers.`x-reset`)", 200), ("$number(headers.`x-none`)", 100)])
    func `a client waits for the later of Retry-After and the definition's reset`(expression: String, wait: Int) async throws {
        try await TestGateway.run { gateway in
            try await Self.override(gateway, ["rate_limit": ["rate_limit_header_expression": .string(expression)]])
            let reset = Effects.live.now().millisecondsSinceEpoch / 1000 + 200
            try await gateway.behave([
                "match": ["method": "GET"], "times": 9,
                "do": ["status": 429, "headers": ["Retry-After": "100", "X-Reset": .string(String(reset))], "body": "{}"],
            ])
            let response = try await gateway.call(
                .GET,
                "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)")
            #expect(response.status == 429)
            let told = response.headers.first(name: "retry-after").flatMap { Int($0) } ?? 0
            // The clock goes on while the call is under way.
            #expect(told <= wait + 1 && told > wait - 30, "\(told)")
        }
    }
}
