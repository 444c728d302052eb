import Accounts
import JSON
import Synchronization
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// Calls of accounts that are stored, whose credentials the gateway keeps.
struct `A stored account's credentials` {
    private static let calls = """
          things: {list: {path: /things, response_path: data}}
          files: {create: {method: post, path: /files, body_format: multipart}}
        """
    private static let mapping = """
          things: {list: {query_mapping: '{}', response_mapping: '{"id": response.id}'}}
          files: {create: {query_mapping: '{}', request_body_mapping: '{"f": body.file}', response_mapping: '{"id": response.id}'}}
        """
    private static let oauth = TestVendor(access: TestVendor.oauth(), calls: calls, mapping: mapping)
    private static let keyed = TestVendor(calls: calls, mapping: mapping)

    private static let tokens: JSONObject = [
        "oauth": ["token": ["access_token": "old-token-1234", "refresh_token": "refresh-token-1"]]
    ]

    /// A provider that takes `good` alone, and a token endpoint that answers by `refreshed`.
    private static func runOAuth(
        good: String = "new-token-5678", lookahead: Int = 1 << 20,
        refreshed: MemoryProvider.Response = .json(#"{"access_token":"new-token-5678","refresh_token":"refresh-token-2"}"#),
        _ body: (TestService, String) async throws -> Void
    ) async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = lookahead
        try await TestService.run(oauth, limits: limits, hosts: [TestVendor.tokenHost]) { request, _ in
            if request.host == TestVendor.tokenHost { return refreshed }
            guard request["authorization"] == "Bearer \(good)" else { return .json(#"{"message":"expired"}"#, status: 401) }
            return .json(request.method == "POST" ? #"{"id":9}"# : #"{"data":[]}"#)
        } _: { service in
            try await body(service, try await service.store(tokens, method: "oauth2").id)
        }
    }

    // MARK: Renewed on the way

    @Test func `are renewed where the provider refuses them, and the call is made once more`() async throws {
        try await Self.runOAuth { service, id in
            let reply = try await service.reply(service.unifiedCall("list", account: try await service.account(id)))
            #expect(reply.json["result_count"] == 0)
            #expect(service.provider.lines == ["GET /things", "POST /token", "GET /things"])
            #expect(service.provider.received[1].body.contains("refresh_token=refresh-token-1"))
            let kept = try await service.read(id).context.exposed()["oauth"]?["token"]
            #expect(kept?["access_token"] == "new-token-5678" && kept?["refresh_token"] == "refresh-token-2")
        }
    }

    @Test func `go with a body that can be sent twice`() async throws {
        try await Self.runOAuth { service, id in
            let form: [TestForm.Part] = [.file("file", "some bytes of it")]
            let call = try service.unifiedCall("create", "files", body: .form(form), account: try await service.account(id))
            let reply = try await service.reply(call)
            #expect(reply.json["id"] == "9")
            let uploads = service.provider.received.filter { $0.target == "/files" }
            #expect(uploads.count == 2 && uploads.allSatisfy { $0.body.contains("some bytes of it") })
        }
    }

    @Test func `are renewed for the next call where a body cannot be sent twice`() async throws {
        try await Self.runOAuth(lookahead: 200) { service, id in
            let form: [TestForm.Part] = [.file("file", String(repeating: "x", count: 1000))]
            let call = try service.unifiedCall("create", "files", body: .form(form, by: 50), account: try await service.account(id))
            let error = await service.error(call)
            #expect(error?.status == 401 && error?.hint == "The account's credentials have been renewed meanwhile: send the call again")
            #expect(service.provider.lines == ["POST /files", "POST /token"])
            let again = try service.unifiedCall("create", "files", body: .form(form, by: 50), account: try await service.account(id))
            _ = try await service.reply(again)
        }
    }

    @Test func `that are refused although they are new are given up`() async throws {
        try await Self.runOAuth(good: "never") { service, id in
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error?.status == 401 && error?.hint == "The account's last_error says what to do")
            #expect(service.provider.lines == ["GET /things", "POST /token", "GET /things"])
            #expect(try await service.read(id).account.status == .needsReauth)
        }
    }

    @Test func `are gone with their grant`() async throws {
        let refused = MemoryProvider.Response.json(#"{"error":"invalid_grant"}"#, status: 400)
        try await Self.runOAuth(refreshed: refused) { service, id in
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error?.status == 401)
            #expect(service.provider.lines == ["GET /things", "POST /token"])
            let account = try await service.read(id).account
            #expect(account.status == .needsReauth && account.lastError?["code"] == "invalid_grant")
        }
    }

    @Test func `stay as they are where nobody refreshes them now`() async throws {
        try await Self.runOAuth(refreshed: .json("{}", status: 503)) { service, id in
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error?.status == 401)
            let account = try await service.read(id)
            #expect(account.account.status == .active)
            #expect(account.context.exposed()["oauth"]?["token"]?["refresh_token"] == "refresh-token-1")
        }
    }

    @Test(arguments: ["raw", "stream"]) func `are renewed for responses that are passed through`(format: String) async throws {
        try await Self.runOAuth { service, id in
            let call = try service.unifiedCall("list", query: "truto_response_format=\(format)", account: try await service.account(id))
            let reply = try await service.reply(call)
            #expect(reply.text == #"{"data":[]}"#)
            #expect(service.provider.lines == ["GET /things", "POST /token", "GET /things"])
        }
    }

    // MARK: Standing

    @Test func `that may not make a call are noted until they may`() async throws {
        let allows = Mutex(false)
        try await TestService.run(Self.keyed) { _, _ in
            allows.withLock { $0 } ? .json(#"{"data":[]}"#) : .json("{}", status: 403)
        } _: { service in
            let id = try await service.store(["api_key": "key-of-it-1234"]).id
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error?.status == 403)
            let noted = try await service.read(id).account.lastForbiddenError
            #expect(noted?["resource"] == "things" && noted?["method"] == "list")
            #expect(try await service.read(id).account.status == .active)
            allows.withLock { $0 = true }
            _ = try await service.reply(service.unifiedCall("list", account: try await service.account(id)))
            #expect(try await service.read(id).account.lastForbiddenError == nil)
        }
    }

    // MARK: Secrets

    private static func repeating(
        _ status: Int, _ text: String
    ) -> @Sendable (MemoryProvider.Request, [MemoryProvider.Request]) -> MemoryProvider.Response {
        { request, _ in
            let said = text.replacing("KEY", with: String((request["authorization"] ?? "").dropFirst(7)))
            return MemoryProvider.Response(status: status, headers: [("content-type", "application/json")], body: [said])
        }
    }

    @Test(
        arguments: [
            (400, #"{"message":"KEY is wrong","of":["KEY"]}"#), (500, "KEY"), (200, "<html>KEY</html>"), (403, #"{"KEY":1}"#),
            (400, #"{"message":"Q2FuYXJ5 KEY"}"#),
        ])
    func `show in no error, whatever the provider repeats`(status: Int, text: String) async throws {
        try await TestService.run(Self.keyed, Self.repeating(status, text)) { service in
            let id = try await service.store(["api_key": "canary-key-77"]).id
            let error = try #require(await service.error(try service.unifiedCall("list", account: try await service.account(id))))
            let shown = error.message + (error.remote?.rawResponse.text() ?? "") + JSONValue.object(error.insight).text()
            #expect(!shown.contains("canary") && shown.contains("***"))
        }
    }

    @Test func `show in no error after they were renewed either`() async throws {
        try await TestService.run(Self.oauth, hosts: [TestVendor.tokenHost]) { request, _ in
            if request.host == TestVendor.tokenHost { return .json(#"{"access_token":"canary-new-5678"}"#) }
            let isNew = request["authorization"] == "Bearer canary-new-5678"
            return isNew ? .json(#"{"message":"not with canary-new-5678"}"#, status: 400) : .json("{}", status: 401)
        } _: { service in
            let id = try await service.store(Self.tokens, method: "oauth2").id
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error?.message == "not with ***" && error?.remote?.rawResponse == ["message": "not with ***"])
        }
    }

    @Test func `show in no debug view`() async throws {
        try await TestService.run(Self.keyed, Self.repeating(200, #"{"data":[],"you":"KEY"}"#)) { service in
            let id = try await service.store(["api_key": "canary-key-77", "site": "here"]).id
            let call = try service.unifiedCall("list", query: "truto_response_format=debug", account: try await service.account(id))
            let reply = try await service.reply(call)
            #expect(!reply.text.contains("canary") && reply.json["debug"]?["data"]?["you"] == "***")
        }
    }

    // MARK: Sessions

    private static let session = TestVendor(
        access: """
            credentials: {format: api_key, config: {fields: [{name: api_key, label: Key, type: password}]}}
            authorization: {format: bearer, config: {token: "{{session.token}}"}}
            """,
        head: """
            session:
              steps:
                - {name: login, config: {resource: things, method: login}}
                - {type: update_session, config: '{"token": before.login.token, "expires_in": 600}'}
            """,
        calls: """
              things:
                list: {path: /things, response_path: data}
                login: {method: post, path: /login, no_session: true, no_auth: true, body: {key: "{{api_key}}"}}
            """,
        mapping: #"  things: {list: {query_mapping: '{}', response_mapping: '{"id": response.id}'}}"#)

    @Test func `are traded for a session, which is opened anew when it has ended`() async throws {
        let ended = Mutex(false)
        try await TestService.run(Self.session) { request, before in
            if request.target == "/login" { return .json(#"{"token":"session-\#(before.count)"}"#) }
            let isEnded = ended.withLock { $0 } && request["authorization"] == "Bearer session-0"
            return isEnded ? .json("{}", status: 401) : .json(#"{"data":[]}"#)
        } _: { service in
            let id = try await service.store(["api_key": "key-of-it-1234"]).id
            for _ in 0..<2 { _ = try await service.reply(service.unifiedCall("list", account: try await service.account(id))) }
            #expect(service.provider.lines == ["POST /login", "GET /things", "GET /things"])
            #expect(service.provider.received[0].body == #"{"key":"key-of-it-1234"}"#)
            ended.withLock { $0 = true }
            _ = try await service.reply(service.unifiedCall("list", account: try await service.account(id)))
            #expect(service.provider.lines.dropFirst(3) == ["GET /things", "POST /login", "GET /things"])
        }
    }

    @Test func `that open no session are told so`() async throws {
        try await TestService.run(Self.session) { _, _ in
            .json(#"{"message":"no"}"#, status: 401)
        } _: { service in
            let id = try await service.store(["api_key": "key-of-it-1234"]).id
            let error = await service.error(try service.unifiedCall("list", account: try await service.account(id)))
            #expect(error == .sessionRefused)
            #expect(service.provider.lines == ["POST /login"])
            #expect(try await service.read(id).account.status == .needsReauth)
        }
    }

    @Test(arguments: [(500, "no_answer"), (429, "no_answer"), (404, "session_failed")])
    func `that open no session now may open one later`(status: Int, code: String) async throws {
        try await TestService.run(Self.session) { _, _ in
            .json("{}", status: status)
        } _: { service in
            let opener = SessionOpener(sender: StepSender(upstream: service.upstream))
            let integration = try service.catalog.integration("vendor")
            let session = try #require(integration.session(for: "api_key"))
            await #expect {
                try await opener.open(integration, session, context: ["api_key": "key-of-it-1234"], authenticationMethod: "api_key")
            } throws: { error in
                let failure = error as? OAuthFailure
                return failure?.code == code && failure?.status == status && failure?.message.contains("key-of-it") == false
            }
        }
    }
}

/// What of an account's context is secret.
struct `The secret texts of a context` {
    @Test(
        arguments: [
            (["a": "x", "b": "y"], ["a": "x"], ["y"]), (["a": ["b": "x", "c": "y"]], ["a": ["b": "x"]], ["y"]),
            (["a": ["x", "y"]], ["a": ["x"]], ["x", "y"]), (["a": 5, "b": true, "c": nil], [:], ["5"]),
            (["a": ["b": "x"]], ["a": "x"], ["x"]), (["a": "x"], ["a": "x"], []), ([:], ["a": "x"], []),
            (["a": ["b": ["c": [["d": "x"]]]]], [:], ["x"]),
        ] as [(JSONObject, JSONObject, [String])])
    func `are those that its open part does not hold`(whole: JSONObject, open: JSONObject, texts: [String]) {
        #expect(SecretTexts.of(whole, without: open) == texts)
    }
}
