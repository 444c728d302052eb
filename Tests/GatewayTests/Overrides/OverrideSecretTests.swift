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

    /// A house whose environment and account hold secrets of every kind.
    private static func run(_ body: (House) async throws -> Void) async throws {
        try await House.run { house in
            let installed = try await house.accounts.environmentIntegrations.findOrInstall(
                "lever", environment: house.environmentID)
            var override = try house.sandbox.demo.override
            override["rate_limit"] = ["limits": []]
            override["environment_variables"] = ["open": "colour"]
            override["secret_environment_variables"] = ["lever_client_secret": .string(variable)]
            override["credentials"] = ["oauth2": ["config": ["client": ["id": "i", "secret": .string(clientSecret)]]]]
            let answer = try await house.send(
                .PATCH, "/environment-integration/\(installed.id)", ["override": .object(override)])
            #expect(answer.status == 200, "\(answer.json.text())")
            try await body(house)
        }
    }

    private static let secrets = [House.apiKey, clientSecret, variable, "c2FuZGJveC1sZXZlci1rZXk"]

    private static func expectNone(_ text: String, _ what: String) {
        for secret in secrets { #expect(!text.contains(secret), "\(what): \(text.prefix(2000))") }
    }

    private static func set(_ house: House, _ mapping: JSONValue, method: String) async throws {
        let answer = try await house.send(
            .PATCH, "/integrated-account/\(house.accountID)",
            ["unified_model_override": ["ats": ["attachments": [method: mapping]]]])
        #expect(answer.status == 200, "\(answer.json.text())")
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
        try await Self.run { house in
            try await Self.set(house, mapping, method: "list")
            let list = "/unified/ats/attachments?integrated_account_id=\(house.accountID)&candidate_id=\(House.opportunity)"
            let answer = try await house.call(.GET, list + format)
            Self.expectNone(String(buffer: answer.body), mapping.text())
            Self.expectNone("\(answer.headers)", mapping.text())
            for request in try await house.received() {
                var request = request.object ?? [:]
                request["headers"] = nil
                Self.expectNone(JSONValue.object(request).text(), mapping.text())
            }
        }
    }

    @Test func `debug masks them wherever and however they were sent`() async throws {
        try await Self.run { house in
            // What the definition itself sends, in a header, in the query and in an encoded form.
            let catalog = house.sandbox.baseURL
            for format in ["debug", "raw", "unified"] {
                let answer = try await house.call(
                    .GET, "/unified/ats/attachments?integrated_account_id=\(house.accountID)"
                        + "&candidate_id=\(House.opportunity)&remote_query[a]=\(House.apiKey)&truto_response_format=\(format)")
                if format == "debug" {
                    Self.expectNone(String(buffer: answer.body), format)
                    #expect(answer.json["debug"]?["requestUrl"]?.string?.contains("a=***") == true, "\(catalog): \(answer.json.text())")
                }
            }
            try await house.behave([
                "match": ["path": .string("/v1/opportunities/\(House.opportunity)/files")],
                "do": [
                    "status": 200,
                    "headers": ["set-cookie": "session=abc", "x-echo": .string("key \(House.apiKey)")],
                    "body": ["data": [["id": "1", "name": .string("echo \(House.apiKey)")]]],
                ],
            ] as JSONValue)
            let echoed = try await house.call(
                .GET, "/unified/ats/attachments?integrated_account_id=\(house.accountID)"
                    + "&candidate_id=\(House.opportunity)&truto_response_format=debug")
            let debug = echoed.json["debug"]?.text() ?? ""
            Self.expectNone(debug, "debug")
            #expect(!debug.contains("session=abc"))
        }
    }

    @Test func `a provider that repeats them in its refusal has them masked`() async throws {
        try await Self.run { house in
            try await house.behave([
                "match": ["path": "/v1/uploads"],
                "do": ["status": 400, "body": ["message": .string("bad key \(House.apiKey)"), "more": .string(House.apiKey)]],
            ] as JSONValue)
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.status == 400)
            Self.expectNone(String(buffer: answer.body), "refusal")
        }
    }

    @Test(arguments: [
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
        try await Self.run { house in
            let installed = try await house.accounts.environmentIntegrations.find("lever", environment: house.environmentID)
            let environment = "/environment-integration/\(installed?.id ?? "")"
            for (method, path, body, param) in [
                (.PATCH, "/integrated-account/\(house.accountID)", ["integration_override": override], "integration_override"),
                (
                    .POST, "/integrated-account",
                    [
                        "tenant_id": "t", "integration": "lever", "authentication_method": "api_key",
                        "context": ["api_key": "some-key"], "integration_override": override,
                    ], "integration_override"
                ),
                (.PATCH, environment, ["override": override], "override"),
            ] as [(HTTPMethod, String, JSONValue, String)] {
                let before = try await house.call(.GET, path).json
                let answer = try await house.send(method, path, body)
                #expect(answer.status == 400 && answer.json["code"] == "invalid_body", "\(path): \(answer.json.text())")
                #expect(answer.json["param"]?.string == param)
                if method == .PATCH { #expect(try await house.call(.GET, path).json == before) }
            }
        }
    }

    @Test func `one that was stored before is held to the same at each call`() async throws {
        try await Self.run { house in
            _ = try await house.accounts.integratedAccounts.update(
                house.accountID, environment: house.environmentID,
                IntegratedAccountPatch(integrationOverride: Secret(["base_url": "https://evil.example"])))
            let answer = try await house.upload(Form(Form.resume))
            #expect(answer.status == 400 && answer.json["code"] == "egress_refused", "\(answer.json.text())")
        }
    }

    @Test(arguments: [("abc", 400), ("abcd", 200), ("é1", 400)])
    func `a secret too short to be masked is not stored`(secret: String, status: Int) async throws {
        try await House.run { house in
            let path = "/integrated-account/\(house.accountID)"
            let answer = try await house.send(.PATCH, path, ["context": ["api_key": .string(secret)]])
            #expect(answer.status == status, "\(answer.json.text())")
            if status == 400 { #expect(answer.json["param"] == "context.api_key") }
            #expect(!String(buffer: answer.body).contains(secret))
            #expect(try await house.send(.PATCH, path, ["context": ["note": "x"]]).status == 200)
        }
    }

    @Test(arguments: [(60_000, 200), (70_000, 400)])
    func `a context of more than 64 KiB is not stored`(bytes: Int, status: Int) async throws {
        try await House.run { house in
            let path = "/integrated-account/\(house.accountID)"
            let half = JSONValue.string(String(repeating: "x", count: bytes / 2))
            #expect(try await house.send(.PATCH, path, ["context": ["a": half]]).status == 200)
            let answer = try await house.send(.PATCH, path, ["context": ["b": half]])
            #expect(answer.status == status, "\(answer.json.text().prefix(300))")
            #expect(try await house.send(.PATCH, path, ["context": ["a": nil]]).status == 200)
        }
    }

    @Test(arguments: ["..%2F..%2Fv2%2Fusers", "a%2Fb", "a%5Cb", "%2e%2e", ".", "%252e%252e", "..%252Fx"])
    func `an id that leads to another resource is refused`(id: String) async throws {
        try await House.run { house in
            let answer = try await house.call(
                .GET, "/unified/ats/attachments?integrated_account_id=\(house.accountID)&candidate_id=\(id)")
            #expect(answer.status == 400, "\(answer.json.text())")
            #expect(try await house.received().isEmpty)
        }
    }

    @Test func `responses that are held whole count as memory in flight`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 256 << 10
        try await House.run(limits: limits) { house in
            let record: JSONValue = ["id": "1", "name": .string(String(repeating: "x ", count: 500))]
            try await house.behave([
                "match": ["path": .string("/v1/opportunities/\(House.opportunity)/files")], "times": 1,
                "do": ["status": 200, "body": ["data": .array(Array(repeating: record, count: 400))]],
            ] as JSONValue)
            let list = "/unified/ats/attachments?integrated_account_id=\(house.accountID)&candidate_id=\(House.opportunity)"
            let refused = try await house.call(.GET, list)
            #expect(refused.status == 503 && refused.json["code"] == "overloaded", "\(refused.json.text().prefix(300))")
            #expect(try await house.call(.GET, list).status == 200, "all of it is given back")
        }
    }
}
