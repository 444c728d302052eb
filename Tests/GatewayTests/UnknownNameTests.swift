import JSON
import NIOHTTP1
import Testing

@testable import Gateway

/// Names in bodies that nothing has: each is refused where it is given, and not at some later call.
@Suite struct UnknownNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var method: HTTPMethod
        /// `{account}` is the account of the test.
        var path: String
        var body: JSONValue
        var param: String
        /// What message or hint name.
        var names: String
        var testDescription: String { "\(method.rawValue) \(path) \(body.text())" }
    }

    private static let account = "/integrated-account/{account}"

    static let rows = [
        Row(
            method: .POST, path: "/integrated-account", body: ["tenant_id": "t", "integration": "levr", "context": [:]],
            param: "integration", names: "lever"),
        Row(
            method: .POST, path: "/integrated-account",
            body: ["tenant_id": "t", "integration": "lever", "authentication_method": "api_kye", "context": [:]],
            param: "authentication_method", names: "api_key"),
        Row(
            method: .PATCH, path: account, body: ["authentication_method": "api_kye"], param: "authentication_method", names: "api_key"),
        Row(
            method: .PATCH, path: account + "/credentials", body: ["authentication_method": "api_kye", "context": ["api_key": "k"]],
            param: "authentication_method", names: "api_key"),
        Row(
            method: .PATCH, path: account, body: ["unified_model_override": ["at": ["attachments": ["create": ["query_mapping": "{}"]]]]],
            param: "unified_model_override", names: "'ats'"),
        Row(
            method: .PATCH, path: account, body: ["unified_model_override": ["ats": ["atachments": ["create": ["query_mapping": "{}"]]]]],
            param: "unified_model_override", names: "'attachments'"),
        Row(
            method: .PATCH, path: account, body: ["unified_model_override": ["ats": ["attachments": ["creat": ["query_mapping": "{}"]]]]],
            param: "unified_model_override", names: "'create'"),
        Row(
            method: .POST, path: "/environment-integration", body: ["integration_id": "levr"], param: "integration_id", names: "lever"),
        Row(method: .POST, path: "/environment-unified-model", body: ["unified_model_id": "at"], param: "unified_model_id", names: "ats"),
        Row(
            method: .POST, path: "/webhook", body: ["target_url": "https://example.com/", "event_types": ["integrated_account:create"]],
            param: "event_types", names: "integrated_account:created"),
    ]

    @Test func `each is refused, with the names that there are`() async throws {
        try await TestGateway.run { gateway in
            for row in Self.rows {
                let response = try await gateway.send(row.method, row.path.replacing("{account}", with: gateway.accountID), row.body)
                #expect(response.status == 400 && response.json["param"]?.string == row.param, "\(row): \(response.json.text())")
                let told = (response.json["message"]?.string ?? "") + " " + (response.json["hint"]?.string ?? "")
                #expect(told.contains(row.names), "\(row): \(told)")
            }
            let account = try await gateway.call(.GET, "/integrated-account/\(gateway.accountID)").json
            #expect(account["authentication_method"] == "api_key" && account["unified_model_override"]?.object?.isEmpty != false)
        }
    }

    @Test func `what an environment's model adds may be mapped`() async throws {
        try await TestGateway.run { gateway in
            let own: JSONValue = ["resources": ["badges": ["schema": ["type": "object"], "methods": ["list": ["answer": "list"]]]]]
            let override: JSONValue = ["unified_model_override": ["ats": ["badges": ["list": ["response_mapping": "{}"]]]]]
            let account = "/integrated-account/\(gateway.accountID)"
            #expect(try await gateway.send(.PATCH, account, override).status == 400)
            let installed = try await gateway.send(.POST, "/environment-unified-model", ["unified_model_id": "ats", "override": own])
            #expect(installed.status == 200, "\(installed.json.text())")
            let mapped = try await gateway.send(.PATCH, account, override)
            #expect(mapped.status == 200, "\(mapped.json.text())")
        }
    }
}
