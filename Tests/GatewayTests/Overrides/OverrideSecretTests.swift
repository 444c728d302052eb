import Accounts
import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import Unified

/// Whoever holds a token without scopes writes overrides, and reads no stored secret by them.
@Suite struct OverrideSecretTests {
    private static let clientSecret = "environment-client-secret"
    private static let variable = "environment-variable-secret"

    /// A gateway whose environment and account hold secrets of every kind.
    private static func run(_ body: (TestGateway) async throws -> Void) async throws {
        try await TestGateway.run { gateway in
            let installed = try await gateway.accounts.environmentIntegrations.findOrInstall(
                "lever", environment: gateway.environmentID)
            var override = try gateway.sandbox.demo.override
            override["rate_limit"] = ["limits": []]
            override["environment_variables"] = ["open": "colour"]
            override["secret_environment_variables"] = ["lever_client_secret": .string(variable)]
            override["credentials"] = ["oauth2": ["config": ["client": ["id": "i", "secret": .string(clientSecret)]]]]
            let response = try await gateway.send(
                .PATCH, "/environment-integration/\(installed.id)", ["override": .object(override)])
            #expect(response.status == 200, "\(response.json.text())")
            try await body(gateway)
        }
    }

    private static let secrets = [TestGateway.apiKey, clientSecret, variable, "c2FuZGJveC1sZXZlci1rZXk"]

    private static func expectNone(_ text: String, _ what: String) {
        for secret in secrets { #expect(!text.contains(secret), "\(what): \(text.prefix(2000))") }
    }

    private static func set(_ gateway: TestGateway, _ mapping: JSONValue, method: String) async throws {
        let response = try await gateway.send(
            .PATCH, "/integrated-account/\(gateway.accountID)",
            ["unified_model_override": ["ats": ["attachments": [method: mapping]]]])
        #expect(response.status == 200, "\(response.json.text())")
    }

    private static let leaks: [JSONValue] = [
        ["response_mapping": #"{"leak": context}"#], ["response_mapping": #"{"leak": $}"#],
        ["response_mapping": #"{"leak": $base64encode(context.api_key)}"#],
        ["query_mapping": #"{"leak": context.api_key, "leak2": context.secret_environment_variables.lever_client_secret}"#],
        ["query_mapping": #"{"leak": $string(context)}"#],
        ["request_header_mapping": #"{"X-Leak": $string(context), "X-Leak2": $string(headers)}"#],
        ["response_header_mapping": #"{"X-Leak": $string(context)}"#],
        ["default_query": ["leak": "{{api_key}}"]], ["default_query": ["leak": "{{secret_environment_variables.lever_client_secret}}"]],
        ["path_mapping": #""/" & context.api_key"#],
        ["before": [["name": "b", "type": "transform", "config": "context"]], "response_mapping": #"{"leak": before.b}"#],
        ["before": [["name": "b", "type": "transform", "config": ["k": "{{context:any}}"]]], "response_mapping": #"{"leak": before.b}"#],
        ["response_mapping": "$error($string(context))"],
    ]

    @Test(arguments: leaks, ["", "&truto_response_format=debug"])
    func `no mapping gives them out`(mapping: JSONValue, format: String) async throws {
        try await Self.run { gateway in
            try await Self.set(gateway, mapping, method: "list")
            let list = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
            let response = try await gateway.call(.GET, list + format)
            Self.expectNone(String(buffer: response.body), mapping.text())
            Self.expectNone("\(response.headers)", mapping.text())
            for request in try await gateway.received() {
                var request = request.object ?? [:]
                request["headers"] = nil
                Self.expectNone(JSONValue.object(request).text(), mapping.text())
            }
        }
    }

    @Test func `debug masks them wherever and however they were sent`() async throws {
        try await Self.run { gateway in
            // What the definition itself sends, in a header, in the query and in an encoded form.
            let catalog = gateway.sandbox.baseURL
            for format in ["debug", "raw", "unified"] {
                let response = try await gateway.call(
                    .GET,
                    "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)"
                        + "&candidate_id=\(TestGateway.opportunity)&remote_query[a]=\(TestGateway.apiKey)&truto_response_format=\(format)")
                if format == "debug" {
                    Self.expectNone(String(buffer: response.body), format)
                    #expect(response.json["debug"]?["requestUrl"]?.string?.contains("a=***") == true, "\(catalog): \(response.json.text())")
                }
            }
            try await gateway.behave(
                [
                    "match": ["path": .string("/v1/opportunities/\(TestGateway.opportunity)/files")],
                    "do": [
                        "status": 200,
                        "headers": ["set-cookie": "session=abc", "x-echo": .string("key \(TestGateway.apiKey)")],
                        "body": ["data": [["id": "1", "name": .string("echo \(TestGateway.apiKey)")]]],
                    ],
                ] as JSONValue)
            let echoed = try await gateway.call(
                .GET,
                "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)"
                    + "&candidate_id=\(TestGateway.opportunity)&truto_response_format=debug")
            let debug = echoed.json["debug"]?.text() ?? ""
            Self.expectNone(debug, "debug")
            #expect(!debug.contains("session=abc"))
        }
    }

    @Test func `a provider that repeats them in its refusal has them masked`() async throws {
        try await Self.run { gateway in
            try await gateway.behave(
                [
                    "match": ["path": "/v1/uploads"],
                    "do": [
                        "status": 400, "body": ["message": .string("bad key \(TestGateway.apiKey)"), "more": .string(TestGateway.apiKey)],
                    ],
                ] as JSONValue)
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 400)
            Self.expectNone(String(buffer: response.body), "refusal")
        }
    }

    @Test(
        arguments: [
            ["base_url": "https://evil.example"], ["base_url": "https://api.lever.co.evil.example"],
            ["base_url": "https://api.lever.co@evil.example/"], ["base_url": "https://evil.example#.lever.co"],
            ["base_url": "nonsense"], ["base_url": "{{context.where}}"], ["base_url": 7],
            ["allowed_hosts": ["evil.example"]], ["allowed_hosts": ["*.example"]],
            ["resources": ["files": ["list": ["base_url": "https://evil.example"]]]],
            ["resources": ["files": ["list": ["method": "FETCH"]]]],
            ["resources": ["files": ["new": ["path": "/x", "base_url": "https://evil.example", "no_auth": true]]]],
            ["credentials": ["oauth2": ["config": ["auth": ["tokenHost": "https://evil.example"]]]]],
            ["credentials": ["oauth2": ["config": ["auth": ["refreshPath": "@evil.example/x"]]]]],
        ] as [JSONValue])
    func `an override that leads elsewhere, or nowhere, is not stored`(override: JSONValue) async throws {
        try await Self.run { gateway in
            let installed = try await gateway.accounts.environmentIntegrations.find("lever", environment: gateway.environmentID)
            let environment = "/environment-integration/\(installed?.id ?? "")"
            for (method, path, body, param) in [
                (.PATCH, "/integrated-account/\(gateway.accountID)", ["integration_override": override], "integration_override"),
                (
                    .POST, "/integrated-account",
                    [
                        "tenant_id": "t", "integration": "lever", "authentication_method": "api_key",
                        "context": ["api_key": "some-key"], "integration_override": override,
                    ], "integration_override"
                ),
                (.PATCH, environment, ["override": override], "override"),
            ] as [(HTTPMethod, String, JSONValue, String)] {
                let before = try await gateway.call(.GET, path).json
                let response = try await gateway.send(method, path, body)
                #expect(response.status == 400 && response.json["code"] == "invalid_body", "\(path): \(response.json.text())")
                #expect(response.json["param"]?.string == param)
                if method == .PATCH { #expect(try await gateway.call(.GET, path).json == before) }
            }
        }
    }

    @Test func `one that was stored before is held to the same at each call`() async throws {
        try await Self.run { gateway in
            _ = try await gateway.accounts.integratedAccounts.update(
                gateway.accountID, environment: gateway.environmentID,
                IntegratedAccountPatch(integrationOverride: Secret(["base_url": "https://evil.example"])))
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 400 && response.json["code"] == "egress_refused", "\(response.json.text())")
        }
    }

    @Test(arguments: [("abc", 400), ("abcd", 200), ("é1", 400)])
    func `a secret too short to be masked is not stored`(secret: String, status: Int) async throws {
        try await TestGateway.run { gateway in
            let path = "/integrated-account/\(gateway.accountID)"
            let response = try await gateway.send(.PATCH, path, ["context": ["api_key": .string(secret)]])
            #expect(response.status == status, "\(response.json.text())")
            if status == 400 { #expect(response.json["param"] == "context.api_key") }
            #expect(!String(buffer: response.body).contains(secret))
            #expect(try await gateway.send(.PATCH, path, ["context": ["note": "x"]]).status == 200)
        }
    }

    @Test(arguments: [(60_000, 200), (70_000, 400)])
    func `a context of more than 64 KiB is not stored`(bytes: Int, status: Int) async throws {
        try await TestGateway.run { gateway in
            let path = "/integrated-account/\(gateway.accountID)"
            let half = JSONValue.string(String(repeating: "x", count: bytes / 2))
            #expect(try await gateway.send(.PATCH, path, ["context": ["a": half]]).status == 200)
            let response = try await gateway.send(.PATCH, path, ["context": ["b": half]])
            #expect(response.status == status, "\(response.json.text().prefix(300))")
            #expect(try await gateway.send(.PATCH, path, ["context": ["a": nil]]).status == 200)
        }
    }

    @Test(arguments: ["..%2F..%2Fv2%2Fusers", "a%2Fb", "a%5Cb", "%2e%2e", ".", "%252e%252e", "..%252Fx"])
    func `an id that leads to another resource is refused`(id: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .GET, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(id)")
            #expect(response.status == 400, "\(response.json.text())")
            #expect(try await gateway.received().isEmpty)
        }
    }

    @Test func `responses that are held whole count as memory in flight`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 256 << 10
        try await TestGateway.run(limits: limits) { gateway in
            let record: JSONValue = ["id": "1", "name": .string(String(repeating: "x ", count: 500))]
            try await gateway.behave(
                [
                    "match": ["path": .string("/v1/opportunities/\(TestGateway.opportunity)/files")], "times": 1,
                    "do": ["status": 200, "body": ["data": .array(Array(repeating: record, count: 400))]],
                ] as JSONValue)
            let list = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
            let refused = try await gateway.call(.GET, list)
            #expect(refused.status == 503 && refused.json["code"] == "overloaded", "\(refused.json.text().prefix(300))")
            #expect(try await gateway.call(.GET, list).status == 200, "all of it is given back")
        }
    }
}
