import Accounts
import Catalog
import Encodings
import Foundation
import HTTPTypes
import JSON
import Logging
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Unified
@testable import Upstream

/// The unified model and the vendor of a test.
struct TestVendor: Sendable {
    var model = Self.model
    /// `credentials` and `authorization`.
    var access = Self.key
    /// Keys of `integration.yaml` beside `label`, `base_url`, `resources` and those of `access`.
    var head = ""
    /// Under `resources:` of `integration.yaml`, indented by two.
    var calls: String
    /// Under `resources:` of the mapping, indented by two.
    var mapping: String

    static let host = "api.vendor.test"

    static let key = """
        credentials: {format: api_key, config: {fields: [{name: api_key, label: Key, type: password, required: true}, {name: site, label: Site}]}}
        authorization: {format: bearer, config: {token: "{{api_key}}"}}
        """

    static let tokenHost = "auth.vendor.test"

    static func oauth(_ format: String = "oauth2", client: String = "{id: cid, secret: client-secret-99}", more: String = "") -> String {
        """
        credentials:
          format: \(format)
          config:
            client: \(client)
            auth: {tokenHost: "https://\(tokenHost)", tokenPath: /token, authorizePath: /authorize}
            \(more)
        authorization: {format: bearer, config: {token: "{{oauth.token.access_token}}"}}
        """
    }

    static let model = """
        label: Things
        resources:
          people:
            schema: {type: object, properties: {id: {type: string}, name: {type: string}}}
            methods: {list: {}, get: {}}
          things:
            references: {owner: people}
            schema:
              type: object
              properties:
                id: {type: string, description: The id.}
                name: {type: string}
                size: {type: integer}
                owner: {type: object, properties: {id: {type: string}}}
                remote_data: {type: object}
            methods:
              list:
                query: {owner_id: {type: string}, name: {type: string}, kind: {type: string}}
              get: {}
              create:
                params: {owner_id: {type: string}}
                body:
                  name: {type: string, required: true}
                  note: {type: string}
              update: {body: {name: ~}}
              delete: {}
              count: {}
          files:
            schema: {type: object, properties: {id: {type: string}, file_name: {type: string}, remote_data: {type: object}}}
            methods:
              create:
                params: {candidate_id: {type: string}}
                body:
                  file: {type: string, format: binary, required: true}
                  file_url: {type: string}
                  file_name: {type: string}
                  content_type: {type: string}
                  note: {type: string}
              download: {answer: binary, query: {id: {type: string}, file_url: {type: string}}}
        """

    func catalog(_ overrides: OverrideRules = OverrideRules()) -> Catalog {
        let integration = """
            label: Vendor
            base_url: https://\(Self.host)
            \(access)
            \(head)
            resources:
            \(calls)
            """
        return Catalog(
            files: CatalogFiles(texts: [
                "unified/demo.yaml": model, "integrations/vendor/integration.yaml": integration,
                "integrations/vendor/demo.yaml": "resources:\n\(mapping)\n",
            ]), overrides: overrides)
    }
}

/// What a unified call was answered with.
struct TestReply: Sendable {
    var status = 200
    var contentType: String?
    var contentLength: Int64?
    var headers: HTTPFields = [:]
    var text = ""

    var json: JSONValue { (try? JSONValue.parse(text)) ?? .null }
}

/// A unified service whose provider answers in memory.
struct TestService {
    let unified: UnifiedService
    let accounts: AccountServices
    let catalog: Catalog
    let provider: MemoryProvider
    let upstream: Upstream
    let environment: String

    static let secret = "canary-key-4711"
    private static let key = "main:" + String(repeating: "0a", count: 32)

    /// Runs `body` with a service in front of a vendor that answers by `answer`.
    static func run(
        _ vendor: TestVendor, overrides: OverrideRules = OverrideRules(), publicURL: String? = nil,
        limits: UnifiedService.Limits = UnifiedService.Limits(), hosts: [String] = [],
        _ answer: @escaping @Sendable (MemoryProvider.Request, [MemoryProvider.Request]) -> MemoryProvider.Response,
        _ body: (TestService) async throws -> Void
    ) async throws {
        try await withTemporaryPath { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let store = try await SQLStore.open(.sqlite(path: path + "/store.sqlite"), now: Effects.live.now())
            defer { try? store.close() }
            try await run(on: store, vendor, overrides, publicURL, limits, hosts, answer, body)
        }
    }

    private static func run(
        on store: SQLStore, _ vendor: TestVendor, _ overrides: OverrideRules, _ publicURL: String?, _ limits: UnifiedService.Limits,
        _ hosts: [String], _ answer: @escaping @Sendable (MemoryProvider.Request, [MemoryProvider.Request]) -> MemoryProvider.Response,
        _ body: (TestService) async throws -> Void
    ) async throws {
        let accounts = try await AccountServices(store: store, vault: Vault(ring: try KeyRing(Secret(key))))
        let environment = try await accounts.environments.create(name: "Test").id
        let catalog = vendor.catalog(overrides)
        let provider = MemoryProvider(answer)
        // Nothing resolves: what goes past the connections in memory fails.
        let upstream = Upstream(.init(resolver: Resolver { _ in throw Broken() }, retries: RetryPolicy(base: .zero)))
        defer { upstream.shutdown() }
        for host in [TestVendor.host] + hosts { try await provider.connect(upstream, to: "https://\(host)/") }
        var limits = limits
        limits.maxRateLimitWait = .zero
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let unified = UnifiedService(
            catalog: catalog, upstream: upstream,
            credentials: CredentialManager(catalog: catalog, accounts: accounts, upstream: upstream, logger: logger),
            limits: limits, fileLinks: accounts.fileLinks, publicAddress: PublicAddress(publicURL))
        try await body(
            TestService(
                unified: unified, accounts: accounts, catalog: catalog, provider: provider, upstream: upstream, environment: environment))
    }

    /// A call of an account that is not stored.
    func unifiedCall(
        _ method: String, _ resource: String = "things", id: String? = nil, query: String = "", body: InboundBody? = nil,
        context: JSONObject = [:], account: CallAccount? = nil
    ) throws -> UnifiedCall {
        var whole: JSONObject = ["api_key": .string(Self.secret), "site": "here"]
        for (name, value) in context { whole[name] = value }
        var open = whole
        open["api_key"] = nil
        return UnifiedCall(
            model: "demo", resource: resource, method: method, id: id,
            parameters: try CommonParameters(try QueryString.parse(query)),
            account: account
                ?? CallAccount(
                    id: "a1", environmentID: environment, integration: "vendor", authenticationMethod: "api_key", context: whole,
                    openContext: open),
            body: body, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// An account that is stored.
    func store(_ context: JSONObject, method: String = "api_key") async throws -> IntegratedAccount {
        try await accounts.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "t", installation: .integration("vendor"), authenticationMethod: method, context: Secret(context)),
            environment: environment, secretPaths: try catalog.integration("vendor").secretPaths)
    }

    func read(_ id: String) async throws -> ResolvedAccount {
        try await accounts.integratedAccounts.reread(id, environment: environment)
    }

    /// A stored account as calls need it, with fresh credentials.
    func account(_ id: String) async throws -> CallAccount {
        CallAccount(try await unified.credentials.fresh(try await read(id)), model: "demo")
    }

    /// Makes a call; its response, read to its end.
    func reply(_ call: UnifiedCall) async throws -> TestReply {
        var reply: TestReply?
        try await unified.perform(call) { response in
            #expect(reply == nil, "delivered twice")
            reply = try await Self.read(response)
        }
        return try #require(reply)
    }

    func reply(
        _ method: String, _ resource: String = "things", id: String? = nil, query: String = "", body: InboundBody? = nil,
        context: JSONObject = [:]
    ) async throws -> TestReply {
        try await reply(unifiedCall(method, resource, id: id, query: query, body: body, context: context))
    }

    /// The error of a call that must not be answered.
    func error(_ call: UnifiedCall) async -> APIError? {
        do {
            try await unified.perform(call) { _ in Issue.record("the call was answered") }
            return nil
        } catch {
            if !(error is APIError) { Issue.record(error) }
            return error as? APIError
        }
    }

    func error(
        _ method: String, _ resource: String = "things", id: String? = nil, query: String = "", body: InboundBody? = nil,
        context: JSONObject = [:]
    ) async throws -> APIError? {
        await error(try unifiedCall(method, resource, id: id, query: query, body: body, context: context))
    }

    private static func read(_ response: UnifiedResponse) async throws -> TestReply {
        switch response {
        case .json(let text, let headers):
            return TestReply(contentType: "application/json", headers: headers, text: String(buffer: text))
        case .pieces(let pieces, let headers):
            return TestReply(contentType: "application/json", headers: headers, text: String(buffer: pieces.whole))
        case .bytes(let status, let type, let bytes, let headers):
            return TestReply(status: status, contentType: type, headers: headers, text: String(buffer: bytes))
        case .stream(let status, let type, let length, let body, let headers):
            let whole = try await body.collect(upTo: 1 << 24)
            return TestReply(
                status: status, contentType: type, contentLength: length, headers: headers, text: String(buffer: whole))
        }
    }
}
