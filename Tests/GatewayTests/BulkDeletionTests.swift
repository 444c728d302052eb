import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// `POST /integrated-account/bulk-delete` (wire facts §6).
@Suite(.timeLimit(.minutes(5))) struct BulkDeletionTests {
    private func delete(_ gateway: TestGateway, _ body: String, authorization: String = "house") async throws -> Answer {
        try await gateway.call(
            .POST, "/integrated-account/bulk-delete", headers: [("content-type", "application/json")],
            body: ByteBuffer(string: body), authorization: authorization)
    }

    private func make(_ gateway: TestGateway, tenant: String, environment: String? = nil) async throws -> String {
        try await gateway.accounts.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: tenant, installation: .integration("lever"), authenticationMethod: "api_key",
                context: Secret(["api_key": "some-key"])),
            environment: environment ?? gateway.environmentID
        ).id
    }

    private func exists(_ gateway: TestGateway, _ id: String) async throws -> Bool {
        try await gateway.call(.GET, "/integrated-account/\(id)").status == 200
    }

    @Test func `those of the list are gone, the others stay, and what is not there is passed over`() async throws {
        try await TestGateway.run { gateway in
            let gone = [try await make(gateway, tenant: "a"), try await make(gateway, tenant: "b")]
            let stays = try await make(gateway, tenant: "a")
            let response = try await delete(gateway, #"{"ids":["\#(gone[0])","nothing","\#(gone[1])"]}"#)
            #expect(response.status == 200 && response.json == ["success": true], "\(response.json.text())")
            for id in gone { #expect(try await exists(gateway, id) == false) }
            #expect(try await exists(gateway, stays))
            #expect(try await delete(gateway, #"{"ids":["\#(gone[0])"]}"#).status == 200, "a second time is no error")
        }
    }

    @Test func `a tenant's are all gone`() async throws {
        try await TestGateway.run { gateway in
            let gone = [try await make(gateway, tenant: "t"), try await make(gateway, tenant: "t")]
            let stays = try await make(gateway, tenant: "tt")
            #expect(try await delete(gateway, #"{"tenant_id":"t"}"#).json == ["success": true])
            for id in gone { #expect(try await exists(gateway, id) == false) }
            #expect(try await exists(gateway, stays))
        }
    }

    @Test func `those of another environment stay`() async throws {
        try await TestGateway.run { gateway in
            let other = try await gateway.accounts.environments.create(name: "Other").id
            let theirs = try await make(gateway, tenant: "t", environment: other)
            for body in [#"{"ids":["\#(theirs)"]}"#, #"{"tenant_id":"t"}"#] {
                #expect(try await delete(gateway, body).status == 200)
            }
            #expect(try await gateway.accounts.integratedAccounts.get(theirs, environment: other).tenantID == "t")
        }
    }

    @Test(arguments: [
        ("{}", "ids"), (#"{"ids":[]}"#, "ids"), (#"{"ids":"x"}"#, "ids"), (#"{"ids":["x",1]}"#, "ids"),
        (#"{"tenant_id":""}"#, "ids"), (#"{"tenant_id":7}"#, "tenant_id"),
        (#"{"ids":["x"],"tenant_id":"t"}"#, "tenant_id"),
        (#"{"ids":[\#(Array(repeating: #""x""#, count: 1001).joined(separator: ","))]}"#, "ids"),
    ])
    func `a body that does not say which is refused, naming the member`(body: String, member: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await delete(gateway, body)
            #expect(response.status == 400 && response.json["param"]?.string == member, "\(response.json.text())")
            #expect(try await exists(gateway, gateway.accountID))
        }
    }

    @Test func `each that is gone is told of`() async throws {
        try await EventReceiver.run { receiver, port in
            try await TestGateway.run(holes: ["127.0.0.1:\(port)"]) { gateway in
                let gone = [try await make(gateway, tenant: "t"), try await make(gateway, tenant: "t")]
                let hook = try await gateway.call(
                    .POST, "/webhook", headers: [("content-type", "application/json")],
                    body: ByteBuffer(string: #"{"target_url":"http://127.0.0.1:\#(port)/in"}"#))
                #expect(hook.status == 200, "\(hook.json.text())")
                #expect(try await delete(gateway, #"{"tenant_id":"t"}"#).status == 200)
                let events = try await receiver.wait(for: 2)
                #expect(events.allSatisfy { $0.json["event"] == "integrated_account:deleted" }, "\(events.map(\.json))")
                #expect(Set(events.compactMap { $0.json["payload"]?["id"]?.string }) == Set(gone))
            }
        }
    }
}
