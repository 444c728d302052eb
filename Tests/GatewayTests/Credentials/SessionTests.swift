import Accounts
import FoundationEssentials
import JSON
import NIOHTTP1
import Testing
import TestSupport

/// Sessions of a vendor, over sockets: `Tests/Definitions/integrations/tide`.
@Suite struct SessionTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Definitions").path

    /// A gateway with an account at a server that gives these responses in their order.
    private func run(
        _ responses: [(status: String, body: String)], _ body: (TestGateway, RawServer, String) async throws -> Void
    ) async throws {
        try await RawServer.run(responses.map { .response($0.status, body: $0.body) }) { server in
            try await TestGateway.run(holes: ["127.0.0.1:\(server.port)"], catalogFolders: [Self.folder]) { gateway in
                let account = try await gateway.accounts.integratedAccounts.create(
                    NewIntegratedAccount(
                        json: [
                            "tenant_id": "t", "integration": "tide", "authentication_method": "key",
                            "context": [
                                "user": "u", "password": "pass-w0rd", "rest_url": .string(server.url + "/api"),
                            ],
                            "integration_override": ["base_url": .string(server.url)],
                        ]),
                    environment: gateway.environmentID)
                try await body(gateway, server, account.id)
            }
        }
    }

    private func list(_ gateway: TestGateway, _ account: String) async throws -> Answer {
        try await gateway.call(.GET, "/unified/ats/attachments?integrated_account_id=\(account)&candidate_id=p")
    }

    private static func login(_ token: String) -> (status: String, body: String) {
        ("200 OK", "{\"token\":\"\(token)\",\"expires_in\":600}")
    }

    private static let files = (status: "200 OK", body: "{\"files\":[{\"id\":1}]}")

    private static func lines(_ server: RawServer) -> [String] {
        server.record.requests.map { $0.split(separator: "\r\n").first.map(String.init) ?? "" }
    }

    @Test func `are opened once, used by the calls after, and shown to nobody`() async throws {
        try await run([Self.login("s-one"), Self.files, Self.files]) { gateway, server, account in
            #expect(try await list(gateway, account).status == 200)
            #expect(try await list(gateway, account).status == 200)
            #expect(
                Self.lines(server) == ["POST /login HTTP/1.1", "GET /api/people/p/files HTTP/1.1", "GET /api/people/p/files HTTP/1.1"])
            #expect(server.record.requests[1].lowercased().contains("x-session: s-one"))
            #expect(server.record.requests[0].contains("pass-w0rd") && !server.record.requests[1].contains("pass-w0rd"))
            let shown = try await gateway.call(.GET, "/integrated-account/\(account)").json.text()
            #expect(!shown.contains("s-one"))
        }
    }

    @Test(arguments: [("401 Unauthorized", "{}"), ("200 OK", "{\"code\":\"session_ended\"}")])
    func `that have ended are opened anew, and the call is made again whole`(status: String, body: String) async throws {
        let responses = [Self.login("s-one"), (status, body), Self.login("s-two"), (status: "200 OK", body: "{\"id\":7}")]
        try await run(responses) { gateway, server, account in
            let form = Form(.field("candidate_id", "p"), Form.resume)
            let response = try await gateway.call(
                .POST, "/unified/ats/attachments?integrated_account_id=\(account)",
                headers: [("content-type", form.contentType)], body: form.body)
            #expect(response.status == 200, "\(response.json.text())")
            #expect(response.json["id"] == "7")
            let sent = server.record.requests
            #expect(sent.count == 4)
            #expect(sent[1].contains("\"session\":\"s-one\"") && sent[3].contains("\"session\":\"s-two\""))
            #expect(sent[1].replacing("s-one", with: "s-two") == sent[3])
        }
    }

    @Test func `that end again at once end the call`() async throws {
        let ended = (status: "200 OK", body: "{\"code\":\"session_ended\"}")
        try await run([Self.login("s-one"), ended, Self.login("s-two"), ended]) { gateway, server, account in
            let response = try await list(gateway, account)
            #expect(response.status == 422)
            #expect(server.record.requests.count == 4)
        }
    }

    @Test func `that are refused make the account one that has to connect again`() async throws {
        try await run([("401 Unauthorized", "{\"message\":\"Wrong password\"}")]) { gateway, server, account in
            let response = try await list(gateway, account)
            #expect(response.status == 401, "\(response.json.text())")
            #expect(response.json["message"] == "The provider refused to open a session with the account's credentials")
            let stored = try await gateway.call(.GET, "/integrated-account/\(account)").json
            #expect(stored["status"] == "needs_reauth")
            #expect(stored["last_error"]?["message"] == "Wrong password")
            #expect(server.record.requests.count == 1)
        }
    }

    @Test func `may not lead to a host that the definition does not name`() async throws {
        try await run([("200 OK", "{\"token\":\"s\",\"rest_url\":\"https://evil.example\"}")]) { gateway, server, account in
            let response = try await list(gateway, account)
            #expect(response.status == 400, "\(response.json.text())")
            #expect(server.record.requests.count == 1)
        }
    }
}
