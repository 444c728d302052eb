import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

/// Ids and cursors of another environment, wherever a caller can put one: they find nothing, and tell nothing.
@Suite struct ForeignIDTests {
    /// An environment with one of each thing that can be listed.
    private struct Tenant {
        var bearer: String
        /// Ids by the list that they are in.
        var ids: [String: String] = [:]
        var environmentID: String
        var cursors: [String: String] = [:]
        var values: Set<String> { Set(ids.values).union([environmentID]) }
    }

    static let lists = [
        "/integrated-account", "/environment-integration", "/environment-unified-model", "/api-token", "/webhook", "/environment",
    ]

    private func tenant(_ gateway: TestGateway, _ name: String, environment: String?) async throws -> Tenant {
        let environmentID: String
        if let environment {
            environmentID = environment
        } else {
            environmentID = try await gateway.accounts.environments.create(name: name).id
        }
        let token = try await gateway.accounts.tokens.create(name: name, environment: environmentID)
        var tenant = Tenant(bearer: "Bearer \(token.secret.exposed())", environmentID: environmentID)
        _ = try await gateway.accounts.tokens.create(name: name + " 2", environment: environmentID)
        for tenantID in ["one", "two"] {
            let made = try await gateway.send(
                .POST, "/integrated-account",
                [
                    "tenant_id": .string("\(name)-\(tenantID)"), "integration": "lever", "authentication_method": "api_key",
                    "context": ["api_key": "some-secret-key"],
                ], authorization: tenant.bearer)
            #expect(made.status == 200, "\(made.json.text())")
        }
        _ = try await gateway.send(
            .POST, "/environment-unified-model", ["unified_model_id": "ats", "unified_model": "ats"], authorization: tenant.bearer)
        _ = try await gateway.send(
            .POST, "/webhook", ["target_url": "https://hooks.example.com/x", "event_types": ["integrated_account:*"]],
            authorization: tenant.bearer)
        for list in Self.lists {
            let response = try await gateway.call(.GET, list + "?limit=1", authorization: tenant.bearer)
            #expect(response.status == 200, "\(list)")
            tenant.ids[list] = response.json["result"]?.array?.first?["id"]?.string
            tenant.cursors[list] = response.json["next_cursor"]?.string
        }
        return tenant
    }

    @Test func `a filter or a cursor of another environment finds nothing of it`() async throws {
        try await TestGateway.run { gateway in
            let own = try await tenant(gateway, "own", environment: gateway.environmentID)
            let other = try await tenant(gateway, "other", environment: nil)
            #expect(other.ids.count >= 4 && !other.cursors.isEmpty)
            for list in Self.lists {
                var queries = ["environment_id=\(other.environmentID)", "environment_id[in]=\(other.environmentID),\(own.environmentID)"]
                for id in other.ids.values {
                    queries += [
                        "id=\(id)", "id[in]=\(id)", "id[ne]=x", "id[gte]=\(id)", "id[like]=%25", "integrated_account_id=\(id)",
                        "environment_integration_id=\(id)", "webhook_id=\(id)",
                    ]
                }
                for cursor in other.cursors.values { queries += ["next_cursor=\(cursor)", "limit=5000&next_cursor=\(cursor)"] }
                for query in queries {
                    let response = try await gateway.call(.GET, "\(list)?\(query)", authorization: own.bearer)
                    #expect([200, 400].contains(response.status), "\(list)?\(query): \(response.status)")
                    let text = (response.json["result"] ?? .null).text()
                    for foreign in other.values { #expect(!text.contains(foreign), "\(list)?\(query) shows \(foreign)") }
                    #expect(!text.contains("other-one") && !text.contains("other-two"), "\(list)?\(query)")
                }
            }
        }
    }

    @Test func `an id of another environment in a path or a body is one that does not exist`() async throws {
        try await TestGateway.run { gateway in
            let own = try await tenant(gateway, "own", environment: gateway.environmentID)
            let other = try await tenant(gateway, "other", environment: nil)
            let account = try #require(other.ids["/integrated-account"])
            let unknown = "00000000-0000-4000-8000-000000000000"
            let installation = try #require(other.ids["/environment-integration"])
            let calls: [(HTTPMethod, String, JSONValue?)] = [
                (.GET, "/integrated-account/ID", nil), (.PATCH, "/integrated-account/ID", ["context": ["a": 1]]),
                (.DELETE, "/integrated-account/ID", nil), (.GET, "/unified/ats/attachments?integrated_account_id=ID&candidate_id=x", nil),
                (.POST, "/integrated-account/token", ["integrated_account_id": "ID"]),
                (.POST, "/link-token", ["integrated_account_id": "ID"]),
                (.POST, "/integrated-account/refresh-credentials", ["integrated_account_id": "ID"]),
            ]
            for (method, path, body) in calls {
                func response(_ id: String) async throws -> Answer {
                    let path = path.replacing("ID", with: id)
                    guard let body else { return try await gateway.call(method, path, authorization: own.bearer) }
                    let json = try JSONValue.parse(Array(body.text().replacing("ID\"", with: "\(id)\"").utf8))
                    return try await gateway.send(method, path, json, authorization: own.bearer)
                }
                let foreign = try await response(account)
                let missing = try await response(unknown)
                #expect(foreign.status == missing.status && foreign.status >= 400, "\(method) \(path): \(foreign.json.text())")
                #expect(
                    foreign.json["message"] == missing.json["message"] && foreign.json["code"] == missing.json["code"], "\(method) \(path)")
            }
            let made = try await gateway.send(
                .POST, "/integrated-account",
                [
                    "tenant_id": "t", "environment_integration_id": .string(installation), "authentication_method": "api_key",
                    "context": ["api_key": "some-secret-key"],
                ], authorization: own.bearer)
            #expect(made.status >= 400, "\(made.json.text())")
            let still = try await gateway.call(.GET, "/integrated-account/\(account)", authorization: other.bearer)
            #expect(still.status == 200)
        }
    }
}
