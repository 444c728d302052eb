import Accounts
import Encodings
import JSON
import Synchronization
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// Connecting an account with what a person enters.
struct `Connecting an account` {
    private static let fields = """
        credentials:
          format: api_key
          config:
            fields:
              - {name: api_key, label: API key, type: password, required: true}
              - {name: site, label: Site, default: main}
        authorization: {format: bearer, config: {token: "{{api_key}}"}}
        """

    private static func vendor(_ access: String = fields, actions: Bool = true) -> TestVendor {
        TestVendor(
            access: access,
            head: actions
                ? """
                actions:
                  post_install: {steps: [{name: me, type: request, config: {resource: things, method: me}}, {type: update_context, config: '{"me": before.me.id}'}]}
                  validation: {steps: [{name: ok, type: request, config: {resource: things, method: check}}]}
                """ : "",
            calls: """
                  things:
                    me: {path: /me}
                    check: {path: /check}
                    list: {path: /things, response_path: data}
                """,
            mapping: #"  things: {list: {query_mapping: '{}', response_mapping: '{"id": response.id}'}}"#)
    }

    private static func run(
        _ vendor: TestVendor = vendor(),
        _ answer: @escaping @Sendable (MemoryProvider.Request) -> MemoryProvider.Response = { _ in .json(#"{"id":"m1"}"#) },
        _ body: (TestService, ConnectService) async throws -> Void
    ) async throws {
        try await TestService.run(vendor, hosts: [TestVendor.tokenHost]) { request, _ in
            answer(request)
        } _: { service in
            _ = try await service.accounts.environmentIntegrations.install("vendor", environment: service.environment)
            try await body(service, ConnectService(accounts: service.accounts, unified: service.unified))
        }
    }

    private static func link(
        _ service: TestService, _ connect: ConnectService, _ purpose: LinkRequest.Purpose = .connect(tenantID: "t1"),
        change: (inout LinkRequest) -> Void = { _ in }
    ) async throws -> LinkToken {
        var request = LinkRequest(purpose: purpose)
        change(&request)
        let token = try await service.accounts.linkTokens.create(request, environment: service.environment)
        return try await connect.open(token.exposed())
    }

    /// Opens a link, and picks its vendor's first way of connecting.
    private static func begun(
        _ service: TestService, _ connect: ConnectService, _ purpose: LinkRequest.Purpose = .connect(tenantID: "t1"),
        change: (inout LinkRequest) -> Void = { _ in }
    ) async throws -> (link: LinkToken, choice: ConnectChoice, method: Credential) {
        let link = try await link(service, connect, purpose, change: change)
        let choice = try await connect.choice(link, "vendor")
        return (link, choice, try #require(choice.methods.first))
    }

    private static func failure(_ body: () async throws -> Void) async -> ConnectFailure? {
        do {
            try await body()
            return nil
        } catch {
            if !(error is ConnectFailure) { Issue.record(error) }
            return error as? ConnectFailure
        }
    }

    // MARK: What is offered

    @Test func `is offered where the environment has the vendor, and shows it`() async throws {
        try await Self.run { service, connect in
            let link = try await Self.link(service, connect)
            let names = try await connect.choices(link).map(\.integration.name)
            #expect(names == ["vendor"])
            let other = await Self.failure { _ = try await connect.choice(link, "other") }
            #expect(other?.kind == .invalidIntegration)
            let limited = try await Self.link(service, connect) { $0.environmentUnifiedModelIDs = ["gone"] }
            let none = try await connect.choices(limited)
            #expect(none.isEmpty, "the models that it was limited to are gone")
        }
    }

    @Test(arguments: ["", "x", "not-a-token"]) func `needs a link that is one`(token: String) async throws {
        try await Self.run { _, connect in
            let failure = await Self.failure { _ = try await connect.open(token) }
            #expect(failure?.kind == .invalidToken)
        }
    }

    @Test func `asks for what the link itself does not bring`() async throws {
        try await Self.run { service, connect in
            let (_, choice, method) = try await Self.begun(service, connect) { $0.context = Secret(["site": "given"]) }
            #expect(choice.fields(of: method).map(\.name) == ["api_key"])
            let (_, plain, same) = try await Self.begun(service, connect)
            #expect(plain.fields(of: same).map(\.name) == ["api_key", "site"])
            #expect(same.fields.map { plain.initialValue(of: $0) } == [nil, "main"], "never a secret")
        }
    }

    // MARK: With a key

    @Test func `proves the key, keeps it, and runs what the vendor wants first`() async throws {
        try await Self.run { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let connected = try await connect.connect(link, choice, method, values: ["api_key": " key-of-it-1234\n", "site": "here"])
            #expect(service.provider.lines == ["GET /me", "GET /check"])
            #expect(service.provider.received.allSatisfy { $0["authorization"] == "Bearer key-of-it-1234" })
            let stored = try await service.read(connected.account.id)
            #expect(stored.account.status == .active && stored.account.tenantID == "t1" && connected.nextToken == nil)
            #expect(stored.context.exposed() == ["api_key": "key-of-it-1234", "site": "here", "me": "m1"])
            #expect(stored.account.lastActionResult?["success"] == true)
            let again = await Self.failure { _ = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"]) }
            #expect(again?.kind == .invalidToken, "a link connects once")
        }
    }

    @Test func `sends nothing while something is missing`() async throws {
        try await Self.run { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let failure = await Self.failure { _ = try await connect.connect(link, choice, method, values: ["api_key": " "]) }
            #expect(failure?.kind == .connectionError && failure?.faults.map(\.field) == ["api_key"])
            #expect(failure?.faults.first?.message == "Enter the API key")
            #expect(service.provider.lines.isEmpty)
            _ = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"])
        }
    }

    @Test(
        arguments: [
            ("/check", 401, ConnectFailure.Kind.validationError, "did not accept these credentials"),
            ("/check", 403, .validationError, "did not accept these credentials"),
            ("/check", 500, .validationError, "answered with an error: no"),
            ("/me", 404, .postInstallError, "answered with an error: no"),
        ])
    func `keeps an account that did not prove itself, and lets its person try again`(
        path: String, status: Int, kind: ConnectFailure.Kind, text: String
    ) async throws {
        let works = Mutex(false)
        try await Self.run(Self.vendor()) { request in
            request.target == path && !works.withLock { $0 } ? .json(#"{"message":"no"}"#, status: status) : .json(#"{"id":"m1"}"#)
        } _: { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let failure = await Self.failure { _ = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"]) }
            #expect(failure?.kind == kind && failure?.message.contains(text) == true, "\(failure?.message ?? "")")
            let id = try #require(failure?.accountID)
            let stored = try await service.read(id).account
            #expect(stored.status == (kind == .postInstallError ? .postInstallError : .validationError))
            #expect(stored.lastError?["success"] == false && stored.lastError?["status"] == .number(JSONNumber(status)))
            works.withLock { $0 = true }
            let next = try await connect.open(try #require(failure?.nextToken).exposed())
            let again = try await connect.choice(next, "vendor")
            let account = try await connect.connect(next, again, method, values: ["api_key": "another-key-1234"]).account
            #expect(account.id == id && account.status == .active)
            let key = try await service.read(id).context.exposed()["api_key"]
            #expect(key == "another-key-1234")
        }
    }

    @Test func `says that a vendor cannot be reached`() async throws {
        try await Self.run(Self.vendor()) { _ in
            .hangUp
        } _: { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let failure = await Self.failure { _ = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"]) }
            #expect(failure?.message == "Vendor cannot be reached at the moment. Try again in a minute.")
        }
    }

    @Test func `again touches an account that works only once the new key is proved`() async throws {
        let works = Mutex(true)
        try await Self.run(Self.vendor()) { _ in
            works.withLock { $0 } ? .json(#"{"id":"m1"}"#) : .json("{}", status: 401)
        } _: { service, connect in
            let (first, choice, method) = try await Self.begun(service, connect)
            let id = try await connect.connect(first, choice, method, values: ["api_key": "key-of-it-1234", "site": "here"]).account.id
            works.withLock { $0 = false }
            let (link, again, _) = try await Self.begun(service, connect, .reconnect(integratedAccountID: id))
            #expect(again.initialValue(of: method.fields[1]) == "here")
            let failure = await Self.failure { _ = try await connect.connect(link, again, method, values: ["api_key": "wrong-key-9876"]) }
            #expect(failure?.accountID == id)
            let kept = try await service.read(id)
            #expect(kept.context.exposed()["api_key"] == "key-of-it-1234" && kept.account.status == .active)
            works.withLock { $0 = true }
            _ = try await connect.connect(link, again, method, values: ["api_key": "right-key-9876"])
            let after = try await service.read(id).context.exposed()
            #expect(after["api_key"] == "right-key-9876" && after["site"] == nil, "nothing of before is kept unless asked for")
        }
    }

    @Test func `again may keep what was there before`() async throws {
        try await Self.run { service, connect in
            let (first, choice, method) = try await Self.begun(service, connect)
            let id = try await connect.connect(first, choice, method, values: ["api_key": "key-of-it-1234", "site": "here"]).account.id
            let (link, again, _) = try await Self.begun(service, connect, .reconnect(integratedAccountID: id)) {
                $0.persistPreviousContext = true
            }
            _ = try await connect.connect(link, again, method, values: ["api_key": "right-key-9876"])
            let context = try await service.read(id).context.exposed()
            #expect(context["api_key"] == "right-key-9876" && context["site"] == "here")
        }
    }

    @Test func `shows no secret of it where an action fails`() async throws {
        try await Self.run(Self.vendor()) { _ in
            .json(#"{"message":"canary-key-77 is not known","k":"canary-key-77"}"#, status: 400)
        } _: { service, connect in
            let id = try await service.store(["api_key": "canary-key-77"]).id
            await #expect {
                try await connect.runActions(id, environment: service.environment)
            } throws: { error in
                let failure = error as? ActionFailure
                return failure?.error.message == "*** is not known" && failure?.error.remote?.rawResponse["k"] == "***"
            }
            let stored = try await service.read(id).account.lastError
            #expect(stored?["message"] == "*** is not known" && stored?["code"] == "remote_error")
        }
    }

    @Test func `shows no secret of it where a page comes in place of JSON`() async throws {
        try await Self.run(Self.vendor()) { _ in
            .json("<html>canary-key-77</html>")
        } _: { service, connect in
            let id = try await service.store(["api_key": "canary-key-77"]).id
            await #expect {
                try await connect.runActions(id, environment: service.environment)
            } throws: { error in
                let failure = error as? ActionFailure
                return failure?.error.code == .badProviderResponse && failure?.error.remote?.rawResponse == "<html>***</html>"
            }
        }
    }

    // MARK: With a client's own credentials

    private static let personal = vendor(
        TestVendor.oauth(
            "oauth2_client_credentials", client: #"{id: "{{client_id}}", secret: "{{client_secret}}"}"#,
            more:
                "fields: [{name: client_id, label: Client, required: true}, {name: client_secret, label: Secret, type: password, required: true}]"
        ))
    private static let client: JSONObject = ["client_id": "cid", "client_secret": "client-secret-99"]

    @Test func `trades a client's credentials for a token`() async throws {
        try await Self.run(Self.personal) {
            $0.host == TestVendor.tokenHost ? .json(#"{"access_token":"at-1234"}"#) : .json(#"{"id":"m1"}"#)
        } _: {
            service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let id = try await connect.connect(link, choice, method, values: Self.client).account.id
            #expect(service.provider.lines == ["POST /token", "GET /me", "GET /check"])
            #expect(service.provider.received[0].body.contains("grant_type=client_credentials"))
            #expect(service.provider.received[1]["authorization"] == "Bearer at-1234")
            let token = try await service.read(id).context.exposed()["oauth"]?["token"]?["access_token"]
            #expect(token == "at-1234")
        }
    }

    @Test(
        arguments: [
            (401, #"{"error":"invalid_client"}"#, "Vendor did not accept these credentials."),
            (400, #"{"error":"unauthorized_client"}"#, "Vendor did not accept these credentials."),
            (400, #"{"error":"invalid_scope","error_description":"too much"}"#, "Vendor refused the connection: too much"),
            (500, "", "Vendor refused the connection"), (200, "{}", "Vendor refused the connection"),
        ])
    func `stores nothing where the client gets no token`(status: Int, text: String, message: String) async throws {
        try await Self.run(Self.personal) { _ in
            .json(text, status: status)
        } _: { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let failure = await Self.failure { _ = try await connect.connect(link, choice, method, values: Self.client) }
            #expect(failure?.kind == .connectionError && failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
            #expect(failure?.accountID == nil && service.provider.lines == ["POST /token"])
            // The link is not used up.
            _ = try await connect.choices(link)
        }
    }

    // MARK: By the authorization code grant

    private static let granting = vendor(TestVendor.oauth())

    private static func parameters(_ url: String) throws -> JSONObject {
        try QueryString.parse(String(try #require(url.split(separator: "?").dropFirst().first)))
    }

    @Test func `sends a browser to the vendor and takes the code that it brings back, once`() async throws {
        try await Self.run(Self.granting) {
            $0.host == TestVendor.tokenHost ? .json(#"{"access_token":"at-1234","refresh_token":"rt-1234"}"#) : .json(#"{"id":"m1"}"#)
        } _: { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let url = try await connect.authorize(link, choice, method, values: [:], redirectURI: "https://gw.test/back", session: "s1")
            #expect(url.hasPrefix("https://auth.vendor.test/authorize?") && !url.contains("client-secret"))
            let sent = try Self.parameters(url)
            #expect(sent["client_id"] == "cid" && sent["redirect_uri"] == "https://gw.test/back" && sent["code_challenge_method"] == "S256")
            let state = try #require(sent["state"]?.string)
            for (name, brought, session) in [("vendor", state, "s2"), ("vendor", "another", "s1"), ("other", state, "s1")] {
                let flow = try await connect.takeFlow(link, integration: name, state: brought, session: session)
                #expect(flow == nil, "another's browser, or another's state")
            }
            let stateless = try await connect.takeFlow(link, integration: "vendor", state: nil, session: "s1")
            #expect(stateless == nil)
            let flow = try #require(try await connect.takeFlow(link, integration: "vendor", state: state, session: "s1"))
            let twice = try await connect.takeFlow(link, integration: "vendor", state: state, session: "s1")
            #expect(twice == nil)
            let response = AuthorizationResponse(query: [("code", "c1"), ("state", state)])
            let id = try await connect.finish(link, choice, flow: flow, response).account.id
            let token = try #require(service.provider.received.first)
            #expect(token.line == "POST /token" && token.body.contains("code=c1") && token.body.contains("code_verifier="))
            #expect(token.body.contains("redirect_uri=https%3A%2F%2Fgw.test%2Fback"))
            #expect(try await service.read(id).context.exposed()["oauth"]?["token"]?["refresh_token"] == "rt-1234")
        }
    }

    @Test(
        arguments: [
            ([("error", "access_denied"), ("state", "STATE")], "Access to Vendor was not allowed. You can try again."),
            ([("code", "c1"), ("state", "forged")], "Vendor refused the connection: the redirect does not belong to this connection"),
            ([("state", "STATE")], "Vendor refused the connection: the redirect brings no code"),
            ([("error", "server_error"), ("error_description", "down"), ("state", "STATE")], "Vendor refused the connection: down"),
        ] as [([(String, String)], String)])
    func `says why a browser that came back connects nothing`(query: [(String, String)], message: String) async throws {
        try await Self.run(Self.granting) { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let url = try await connect.authorize(link, choice, method, values: [:], redirectURI: "https://gw.test/back", session: "s1")
            let state = try Self.parameters(url)["state"]?.string ?? ""
            let flow = try #require(try await connect.takeFlow(link, integration: "vendor", state: state, session: "s1"))
            let response = AuthorizationResponse(query: query.map { ($0, $1 == "STATE" ? state : $1) })
            let failure = await Self.failure { _ = try await connect.finish(link, choice, flow: flow, response) }
            #expect(failure?.kind == .connectionError && failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `is not offered where nobody has registered an application`() async throws {
        try await Self.run(Self.vendor(TestVendor.oauth(client: #"{id: "{{app_id}}", secret: x}"#))) { service, connect in
            let link = try await Self.link(service, connect)
            let choices = try await connect.choices(link)
            #expect(choices.isEmpty)
        }
    }

    // MARK: Choosing what the vendor lists

    private static let choosing = vendor(
        """
        credentials:
          format: api_key
          config:
            fields:
              - {name: api_key, label: Key, type: password, required: true}
              - {name: user, label: User, required: true, options_from: {resource: things, method: users, value: id, label: name}}
        authorization: {format: bearer, config: {token: "{{api_key}}"}}
        """)

    @Test func `has a second step for what only the vendor can list`() async throws {
        var vendor = Self.choosing
        vendor.calls += "\n    users: {path: /users, response_path: users}"
        try await Self.run(vendor) {
            $0.target == "/users" ? .json(#"{"users":[{"id":1,"name":"Ada"},{"id":2,"name":"Bo"}]}"#) : .json(#"{"id":"m1"}"#)
        } _: {
            service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            #expect(choice.fields(of: method).map(\.name) == ["api_key"] && choice.choices(of: method).map(\.name) == ["user"])
            let connected = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"])
            #expect(connected.account.status == .incomplete)
            let next = try await connect.open(try #require(connected.nextToken).exposed())
            let second = try await connect.choice(next, "vendor")
            #expect(second.choosingMethod?.name == "api_key")
            let options = await connect.options(next, second, method)["user"]?.options
            #expect(options?.map(\.value) == ["1", "2"] && options?.map(\.label) == ["Ada", "Bo"])
            let nothing = await Self.failure { _ = try await connect.choose(next, second, method, values: [:]) }
            #expect(nothing?.faults.first?.message == "Choose the user")
            let account = try await connect.choose(next, second, method, values: ["user": "2"])
            #expect(account.status == .active)
            let context = try await service.read(account.id).context.exposed()
            #expect(context["user"] == "2" && context["api_key"] == "key-of-it-1234")
        }
    }

    @Test func `lets a person enter what cannot be listed`() async throws {
        var vendor = Self.choosing
        vendor.calls += "\n    users: {path: /users, response_path: users}"
        try await Self.run(vendor) {
            $0.target == "/users" ? .json("{}", status: 403) : .json(#"{"id":"m1"}"#)
        } _: { service, connect in
            let (link, choice, method) = try await Self.begun(service, connect)
            let connected = try await connect.connect(link, choice, method, values: ["api_key": "key-of-it-1234"])
            let next = try await connect.open(try #require(connected.nextToken).exposed())
            let second = try await connect.choice(next, "vendor")
            let options = await connect.options(next, second, method)
            #expect(options.isEmpty)
            let account = try await connect.choose(next, second, method, values: ["user": "typed"])
            #expect(account.status == .active)
        }
    }
}
