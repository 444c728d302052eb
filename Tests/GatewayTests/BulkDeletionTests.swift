import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// `POST /integrated-account/bulk-delete` (wire facts §6).
@Suite(.timeLimit(.minutes(1))) struct BulkDeletionTests {
    private func delete(_ house: House, _ body: String, authorization: String = "house") async throws -> Answer {
        try await house.call(
            .POST, "/integrated-account/bulk-delete", headers: [("content-type", "application/json")],
            body: ByteBuffer(string: body), authorization: authorization)
    }

    private func make(_ house: House, tenant: String, environment: String? = nil) async throws -> String {
        try await house.accounts.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: tenant, installation: .integration("lever"), authenticationMethod: "api_key",
                context: Secret(["api_key": "some-key"])),
            environment: environment ?? house.environmentID
        ).id
    }

    private func exists(_ house: House, _ id: String) async throws -> Bool {
        try await house.call(.GET, "/integrated-account/\(id)").status == 200
    }

    @Test func `those of the list are gone, the others stay, and what is not there is passed over`() async throws {
        try await House.run { house in
            let gone = [try await make(house, tenant: "a"), try await make(house, tenant: "b")]
            let stays = try await make(house, tenant: "a")
            let answer = try await delete(house, #"{"ids":["\#(gone[0])","nothing","\#(gone[1])"]}"#)
            #expect(answer.status == 200 && answer.json == ["success": true], "\(answer.json.text())")
            for id in gone { #expect(try await exists(house, id) == false) }
            #expect(try await exists(house, stays))
            #expect(try await delete(house, #"{"ids":["\#(gone[0])"]}"#).status == 200, "a second time is no error")
        }
    }

    @Test func `a tenant's are all gone`() async throws {
        try await House.run { house in
            let gone = [try await make(house, tenant: "t"), try await make(house, tenant: "t")]
            let stays = try await make(house, tenant: "tt")
            #expect(try await delete(house, #"{"tenant_id":"t"}"#).json == ["success": true])
            for id in gone { #expect(try await exists(house, id) == false) }
            #expect(try await exists(house, stays))
        }
    }

    @Test func `those of another environment stay`() async throws {
        try await House.run { house in
            let other = try await house.accounts.environments.create(name: "Other").id
            let theirs = try await make(house, tenant: "t", environment: other)
            for body in [#"{"ids":["\#(theirs)"]}"#, #"{"tenant_id":"t"}"#] {
                #expect(try await delete(house, body).status == 200)
            }
            #expect(try await house.accounts.integratedAccounts.get(theirs, environment: other).tenantID == "t")
        }
    }

    @Test(arguments: [
        ("{}", "ids"), (#"{"ids":[]}"#, "ids"), (#"{"ids":"x"}"#, "ids"), (#"{"ids":["x",1]}"#, "ids"),
        (#"{"tenant_id":""}"#, "ids"), (#"{"tenant_id":7}"#, "tenant_id"),
        (#"{"ids":["x"],"tenant_id":"t"}"#, "tenant_id"),
        (#"{"ids":[\#(Array(repeating: #""x""#, count: 1001).joined(separator: ","))]}"#, "ids"),
    ])
    func `a body that does not say which is refused, naming the member`(body: String, member: String) async throws {
        try await House.run { house in
            let answer = try await delete(house, body)
            #expect(answer.status == 400 && answer.json["param"]?.string == member, "\(answer.json.text())")
            #expect(try await exists(house, house.accountID))
        }
    }

    @Test func `each that is gone is told of`() async throws {
        try await EventReceiver.run { receiver, port in
            try await House.run(holes: ["127.0.0.1:\(port)"]) { house in
                let gone = [try await make(house, tenant: "t"), try await make(house, tenant: "t")]
                let hook = try await house.call(
                    .POST, "/webhook", headers: [("content-type", "application/json")],
                    body: ByteBuffer(string: #"{"target_url":"http://127.0.0.1:\#(port)/in"}"#))
                #expect(hook.status == 200, "\(hook.json.text())")
                #expect(try await delete(house, #"{"tenant_id":"t"}"#).status == 200)
                let events = try await receiver.wait(for: 2)
                #expect(events.allSatisfy { $0.json["event"] == "integrated_account:deleted" }, "\(events.map(\.json))")
                #expect(Set(events.compactMap { $0.json["payload"]?["id"]?.string }) == Set(gone))
            }
        }
    }
}
