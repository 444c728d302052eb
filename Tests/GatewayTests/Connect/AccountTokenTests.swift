import Accounts
import JSON
import NIOHTTP1
import Sandbox
import StorageTestSupport
import Testing

/// What lets others than the backend do something, and how much (wire facts §6.1).
@Suite struct AccountTokenTests {
    private func bearer(_ gateway: TestGateway) async throws -> String {
        let response = try await gateway.send(.POST, "/integrated-account/token", ["integrated_account_id": .string(gateway.accountID)])
        #expect(response.json.object?.keys == ["integrated_account_token"])
        return "Bearer \(response.json["integrated_account_token"]?.string ?? "")"
    }

    @Test func `it makes its account's calls without naming it`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let bearer = try await bearer(gateway)
            let list = "/unified/ats/attachments?candidate_id=\(TestGateway.opportunity)"
            for query in ["", "&integrated_account_id=\(gateway.accountID)", "&integrated_account_id="] {
                #expect(try await gateway.call(.GET, list + query, authorization: bearer).status == 200, "\(query)")
            }
            for other in ["11111111-2222-4333-8444-555555555555", "x"] {
                let response = try await gateway.call(.GET, list + "&integrated_account_id=\(other)", authorization: bearer)
                #expect(response.status == 403 && response.json["code"] == "forbidden")
            }
            #expect(try await gateway.call(.GET, list).json["code"] == "missing_query_parameter")
        }
    }

    @Test(
        arguments: [
            (.GET, "/ping"), (.GET, "/integrated-account"), (.POST, "/integrated-account"), (.POST, "/link-token"),
            (.POST, "/integrated-account/token"), (.POST, "/integrated-account/run-post-install-actions"),
            (.GET, "/environment"), (.GET, "/api-token"), (.GET, "/integration"), (.GET, "/environment-integration"),
            (.POST, "/environment-integration"), (.GET, "/unified-model"), (.GET, "/integrated-account/any"),
            (.PATCH, "/integrated-account/any"), (.DELETE, "/integrated-account/any"),
        ] as [(HTTPMethod, String)])
    func `it may do nothing else`(method: HTTPMethod, path: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let path = path.replacing("any", with: gateway.accountID)
            let response = try await gateway.call(method, path, authorization: try await bearer(gateway))
            #expect(response.status == 403 && response.json["code"] == "forbidden", "\(response.json.text())")
        }
    }

    @Test func `it reads its account and changes settings of it`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let bearer = try await bearer(gateway)
            let own = try await gateway.call(.GET, "/integrated-account/me", authorization: bearer)
            #expect(own.status == 200 && own.json["id"]?.string == gateway.accountID)
            let changed = try await gateway.send(
                .PATCH, "/integrated-account/me", ["context": ["perform_as": .string(TestGateway.performAs)]], authorization: bearer)
            #expect(changed.status == 403, "not marked as the customer's own choice")
            #expect(try await gateway.upload(Form(Form.resume)).status == 200, "the credentials are still there")
            #expect(try await gateway.call(.GET, "/integrated-account/me").status == 403, "an API token stands for no account")
        }
    }

    @Test(arguments: [
        #"{"integration_override":{"base_url":"https://evil.example"}}"#, #"{"unified_model_override":{}}"#,
        #"{"tenant_id":"other"}"#, #"{"authentication_method":"oauth2"}"#, #"{"context":{"api_key":"k"}}"#,
        #"{"context":{"oauth":null}}"#, #"{"context":{"environment_variables":{}}}"#,
        #"{"context":{"secret_environment_variables":{}}}"#, #"{"context":{"perform_as":"other"}}"#,
        #"{"context":{"oauth":{"token":{"expires_at":"2099-01-01T00:00:00.000Z"}}}}"#, #"{"context":{"anything":"else"}}"#,
        #"{"is_sandbox":true}"#,
    ])
    func `it changes neither credentials nor where calls go`(body: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let before = try await gateway.call(.GET, "/integrated-account/\(gateway.accountID)").json
            let response = try await gateway.send(
                .PATCH, "/integrated-account/me", try JSONValue.parse(body), authorization: try await bearer(gateway))
            #expect(response.status == 403 && response.json["param"]?.string != nil, "\(response.json.text())")
            #expect(try await gateway.call(.GET, "/integrated-account/\(gateway.accountID)").json == before)
        }
    }

    @Test(arguments: ["attacc_", "attacc_AAAA", "attacc_\(String(repeating: "A", count: 200))"])
    func `a made-up one is as good as none`(token: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            for path in ["/integrated-account/me", "/unified/ats/attachments", "/ping"] {
                let response = try await gateway.call(.GET, path, authorization: "Bearer \(token)")
                #expect(response.status == 401 && response.json["message"] == "A valid token is required")
            }
        }
    }

    @Test func `it ends with its account`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let bearer = try await bearer(gateway)
            #expect(try await gateway.call(.DELETE, "/integrated-account/\(gateway.accountID)").status == 200)
            #expect(try await gateway.call(.GET, "/integrated-account/me", authorization: bearer).status == 404)
            let list = "/unified/ats/attachments?candidate_id=\(TestGateway.opportunity)"
            #expect(try await gateway.call(.GET, list, authorization: bearer).json["code"] == "account_not_found")
        }
    }

    @Test func `what is another environment's does not exist`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let other = try await gateway.accounts.environments.create(name: "Other").id
            let stranger = "Bearer \(try await gateway.accounts.tokens.create(name: "s", environment: other).secret.exposed())"
            let id = JSONValue.string(gateway.accountID)
            for (path, body) in [
                ("/integrated-account/token", ["integrated_account_id": id]), ("/link-token", ["integrated_account_id": id]),
                ("/integrated-account/run-post-install-actions", ["id": id]),
            ] as [(String, JSONValue)] {
                let response = try await gateway.send(.POST, path, body, authorization: stranger)
                #expect(response.status == 404 && response.json["code"] == "not_found", "\(path): \(response.json.text())")
            }
            let model = try await gateway.accounts.environmentUnifiedModels.install("ats", environment: gateway.environmentID).id
            let link: JSONValue = ["tenant_id": "t", "environment_unified_model_id": [.string(model)]]
            let response = try await gateway.send(.POST, "/link-token", link, authorization: stranger)
            #expect(response.status == 400 && response.json["param"] == "environment_unified_model_id")
            #expect(try await gateway.send(.POST, "/link-token", link).status == 200)
        }
    }

    @Test(arguments: [
        ("/link-token", "{}", "tenant_id"), ("/link-token", #"{"tenant_id":7}"#, "tenant_id"),
        ("/integrated-account/token", "{}", "integrated_account_id"),
        ("/integrated-account/run-post-install-actions", #"{"id":1}"#, "id"),
    ]) func `a body that lacks something is refused, naming it`(path: String, body: String, member: String) async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let response = try await gateway.send(.POST, path, try JSONValue.parse(body))
            #expect(response.status == 400 && response.json["param"]?.string == member, "\(response.json.text())")
        }
    }

    @Test func `actions are run again, and the account says how they went`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let path = "/integrated-account/\(gateway.accountID)"
            let run = "/integrated-account/run-post-install-actions"
            let body: JSONValue = ["id": .string(gateway.accountID)]
            #expect(try await gateway.send(.POST, run, body).json == ["success": true])
            _ = try await gateway.send(.PATCH, path, ["context": ["api_key": "wrong"]])
            let refused = try await gateway.send(.POST, run, body)
            #expect(refused.status == 401 && refused.json["truto_is_remote_error"] == true)
            let failed = try await gateway.call(.GET, path).json
            #expect(failed["status"] == "validation_error" && failed["last_action_result"]?["success"] == false)
            _ = try await gateway.send(
                .PATCH, path, ["context": ["api_key": .string(TestGateway.apiKey), "perform_as": .string(TestGateway.performAs)]])
            #expect(try await gateway.send(.POST, run, body).json == ["success": true])
            #expect(try await gateway.call(.GET, path).json["status"] == "active")
        }
    }
}
