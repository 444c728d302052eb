import Accounts
import JSON
import JSONata
import Synchronization
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// Calls of accounts and environments that put something over the definitions.
struct `A call with overrides` {
    private static let vendor = TestVendor(
        calls: """
              things: {list: {path: /things, response_path: data}, get: {path: "/things/{{id}}"}, other: {path: "/other/{{id}}"}}
            """,
        mapping: """
              things:
                list: {query_mapping: '{}', response_mapping: '{"id": response.id, "name": response.title}'}
                get: {query_mapping: '{}', response_mapping: '{"id": response.id, "name": response.title}'}
            """)

    private static func run(
        limits: UnifiedService.Limits = UnifiedService.Limits(), rules: OverrideRules = OverrideRules(hosts: ["eu.vendor.test"]),
        _ body: (TestService) async throws -> Void
    ) async throws {
        try await TestService.run(vendor, overrides: rules, limits: limits, hosts: ["eu.vendor.test"]) { _, _ in
            .json(#"{"id":7,"title":"x","data":[{"id":1,"title":"a"}]}"#)
        } _: {
            try await body($0)
        }
    }

    private static func account(
        environment: Overrides? = nil, own: Overrides? = nil, context: JSONObject = ["api_key": "canary-key-77", "site": "here"]
    ) -> CallAccount {
        CallAccount(
            id: "a1", environmentID: "e1", integration: "vendor", authenticationMethod: "api_key", context: context,
            openContext: ["site": "here"], environmentOverrides: environment, accountOverrides: own)
    }

    private static func mapping(_ method: String, _ keys: JSONObject, version: String = "1") -> Overrides {
        let methods = JSONObject([(key: method, value: .object(keys))])
        return Overrides(version: version, mappings: ["demo": ["things": .object(methods)]])
    }

    private static let plain = "truto_ignore_remote_data=true"

    @Test func `has its account's fields beside the definition's`() async throws {
        try await Self.run { service in
            let own = Self.mapping("list", ["response_mapping": #"{"name": $uppercase(response.title), "size": 1}"#])
            let reply = try await service.reply(service.unifiedCall("list", query: Self.plain, account: Self.account(own: own)))
            #expect(reply.json["result"]?.text() == #"[{"id":"1","name":"A","size":1}]"#)
        }
    }

    @Test func `has its environment's mapping in place of the definition's`() async throws {
        try await Self.run { service in
            let environment = Self.mapping("list", ["response_mapping": #"{"id": response.id, "name": "all"}"#])
            let reply = try await service.reply(
                service.unifiedCall("list", query: Self.plain, account: Self.account(environment: environment)))
            #expect(reply.json["result"]?.text() == #"[{"id":"1","name":"all"}]"#)
        }
    }

    @Test func `goes to another host of the operator's, and to no other`() async throws {
        try await Self.run { service in
            for (host, code) in [("eu.vendor.test", nil), ("evil.test", "egress_refused"), ("eu.vendor.test.evil.test", "egress_refused")]
                as [(String, String?)]
            {
                let own = Overrides(version: host, integration: ["base_url": .string("https://\(host)")])
                let call = try service.unifiedCall("get", id: "7", account: Self.account(own: own))
                if let code {
                    let error = await service.error(call)
                    #expect(error?.code.name == code && error?.param == "base_url")
                } else {
                    _ = try await service.reply(call)
                }
            }
            #expect(service.provider.received.map(\.host) == ["eu.vendor.test"])
        }
    }

    @Test(arguments: [false, true]) func `reads secrets only where the operator allows it`(maySeeSecrets: Bool) async throws {
        try await Self.run(rules: OverrideRules(maySeeSecrets: maySeeSecrets)) { service in
            let own = Self.mapping("get", ["response_mapping": #"{"name": $string(context.api_key) & "/" & context.site}"#])
            let call = try service.unifiedCall("get", id: "7", query: Self.plain, account: Self.account(own: own))
            let name = try await service.reply(call).json["name"]?.string
            #expect(name?.hasSuffix("/here") == true)
            #expect(name?.contains("canary") == maySeeSecrets)
        }
    }

    @Test func `ends where its expressions take too long, and leaves other calls alone`() async throws {
        var limits = UnifiedService.Limits()
        limits.mapping.processorMilliseconds = 60
        try await Self.run(limits: limits) { service in
            let endless = Self.mapping("get", ["response_mapping": #"{"name": ($f := function($n){ $f($n + 1) }; $f(0))}"#])
            let error = await service.error(try service.unifiedCall("get", id: "7", account: Self.account(own: endless)))
            #expect(error?.code == .mappingTooExpensive && error?.status == 422)
            _ = try await service.reply(service.unifiedCall("get", id: "7", account: Self.account()))
        }
    }

    @Test func `may use what its environment may`() async throws {
        var limits = UnifiedService.Limits()
        limits.mapping.processorMilliseconds = 10_000
        var few = MappingLimits()
        few.processorMilliseconds = 1
        limits.mappingByEnvironment = ["e1": few]
        #expect(limits.mapping(in: "e1") == few && limits.mapping(in: "e2").processorMilliseconds == 10_000)
        try await Self.run(limits: limits) { service in
            let own = Self.mapping("get", ["response_mapping": #"{"name": $string($sum([1..200000].($ * 2)))}"#])
            let error = await service.error(try service.unifiedCall("get", id: "7", account: Self.account(own: own)))
            #expect(error?.code == .mappingTooExpensive)
        }
    }

    @Test func `ends with its client, who pays for what it wrote`() async throws {
        var limits = UnifiedService.Limits()
        limits.mapping.processorMilliseconds = 600_000
        try await Self.run(limits: limits) { service in
            let endless = Self.mapping("get", ["response_mapping": #"{"name": ($f := function($n){ $f($n + 1) }; $f(0))}"#])
            var call = try service.unifiedCall("get", id: "7", account: Self.account(own: endless))
            call.whenClientLeaves = { leaves in leaves() }
            await #expect(throws: CancellationError.self) { try await service.unified.perform(call) { _ in } }
            // One whose expressions are all the catalog's does not ask.
            let asked = Mutex(false)
            var other = try service.unifiedCall("get", id: "7", account: Self.account())
            other.whenClientLeaves = { _ in asked.withLock { $0 = true } }
            _ = try await service.reply(other)
            #expect(!asked.withLock { $0 })
        }
    }

    @Test func `of a new version is planned anew`() async throws {
        try await Self.run { service in
            for name in ["one", "two"] {
                let own = Self.mapping("get", ["response_mapping": .string(#"{"name": "\#(name)"}"#)], version: name)
                let reply = try await service.reply(service.unifiedCall("get", id: "7", account: Self.account(own: own)))
                #expect(reply.json["name"] == .string(name))
            }
        }
    }

    // MARK: Stored

    @Test func `of a stored account are the environment's and its own`() async throws {
        try await Self.run { service in
            let installed = try await service.accounts.environmentIntegrations.install(
                "vendor", environment: service.environment,
                override: ["headers": ["X-Env": "{{environment_variables.region}}"], "environment_variables": ["region": "eu"]])
            let stored = try await service.accounts.integratedAccounts.create(
                NewIntegratedAccount(
                    tenantID: "t", installation: .id(installed.id), authenticationMethod: "api_key",
                    context: Secret(["api_key": "key-of-it-1234"]),
                    unifiedModelOverride: ["demo": ["things": ["get": ["response_mapping": #"{"name": "own"}"#]]]],
                    integrationOverride: Secret(["query": ["v": "2"]])),
                environment: service.environment)
            let call = try service.unifiedCall("get", id: "7", query: Self.plain, account: try await service.account(stored.id))
            let reply = try await service.reply(call)
            #expect(reply.text == #"{"id":"7","name":"own"}"#)
            let sent = try #require(service.provider.received.first)
            #expect(sent.line == "GET /things/7?v=2" && sent["x-env"] == "eu")
        }
    }

    // MARK: Budgets

    @Test func `has less memory, and a bound on what it writes`() {
        let limits = MappingLimits()
        #expect(limits.overrideMemory < limits.memory)
        #expect(throws: (any Error).self) { try limits.budget(isOverridden: true).charge(memory: limits.overrideMemory + 1) }
        #expect(throws: Never.self) { try limits.budget(isOverridden: false).charge(memory: limits.overrideMemory + 1) }
        #expect(throws: (any Error).self) { try limits.budget(isOverridden: false).charge(memory: limits.memory + 1) }
    }
}
