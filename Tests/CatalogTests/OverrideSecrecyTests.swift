import Catalog
import HTTPTypes
import JSON
import Testing

/// What overrides, which any holder of a token may write, can learn of an account's credentials.
struct `Secrets and overrides` {
    static let vendor = """
        label: V
        base_url: https://api.vendor.test
        headers: {X-Key: "{{api_key}}", X-Open: "{{region}}"}
        credentials:
          api_key:
            format: api_key
            config: {fields: [{name: api_key, label: Key, type: password}, {name: region, label: Region, type: text}]}
        authorization: {format: bearer, config: {token: "{{api_key}}"}}
        resources:
          things:
            list: {path: /things}
            create: {method: post, path: /things, body: {login: "{{api_key}}"}}
        """

    static let mapping = """
        resources:
          things:
            list: {query_mapping: "{}", response_mapping: '{"id": response.id}'}
            create: {query_mapping: "{}", request_body_mapping: '{"name": "n"}'}
        """

    static let key = "stored-key-1"

    static func scope() -> CallInput {
        var scope = CallInput(
            context: ["api_key": .string(key), "region": "eu", "secret_environment_variables": ["s": .string(key)]])
        scope.openContext = ["region": "eu"]
        scope.secrets = SecretMask([key])
        return scope
    }

    static func catalog(maySeeSecrets: Bool = false, hosts: [String] = []) -> Catalog {
        Catalog(
            files: CatalogFiles(texts: [
                "unified/demo.yaml": Sample.model, "integrations/vendor/integration.yaml": vendor,
                "integrations/vendor/demo.yaml": mapping,
            ]), overrides: OverrideRules(hosts: hosts, maySeeSecrets: maySeeSecrets))
    }

    /// Everything that a call with an override shows: what is sent, but for what the definition says of credentials, and
    /// what comes back.
    static func seen(
        _ method: String, mappings: JSONValue? = nil, integration: JSONValue? = nil, byEnvironment: Bool,
        maySeeSecrets: Bool = false
    ) throws -> String {
        let override = Overrides(
            version: "1", integration: integration, mappings: mappings.map { ["demo": ["things": [method: $0]]] })
        let plan = try catalog(maySeeSecrets: maySeeSecrets).plan(
            model: "demo", resource: "things", method: method, integration: "vendor",
            environmentOverrides: byEnvironment ? override : nil, accountOverrides: byEnvironment ? nil : override)
        var machine = CallMachine(plan, scope())
        guard case .send(let request, _) = try machine.start() else { return "" }
        var seen = request.visibleTarget
        for header in request.headers where header.name.rawName != "X-Key" { seen += "\n\(header.name): \(header.value)" }
        if method == "list" { seen += (request.mappedBody ?? .null).text() }
        if case .finished(.page(let page)) = try machine.received(ProviderResponse(status: 200, json: [["id": "1"]])) {
            seen += try page.records.map { JSONValue.object(try $0.object()).text() }.joined()
            seen += page.headers.map { "\($0.name): \($0.value)" }.joined()
        }
        return seen
    }

    static let leaks: [(String, JSONValue)] = [
        ("list", ["response_mapping": "{\"leak\": context}"]),
        ("list", ["response_mapping": "{\"leak\": $}"]),
        ("list", ["response_mapping": "{\"leak\": $$.context.api_key}"]),
        ("list", ["response_mapping": "{\"leak\": $lookup($, 'con' & 'text')}"]),
        ("list", ["query_mapping": "{\"leak\": context.api_key}"]),
        ("list", ["query_mapping": "{\"leak\": context.secret_environment_variables.s}"]),
        ("list", ["request_header_mapping": "{\"X-Leak\": context.api_key}"]),
        ("list", ["request_header_mapping": "{\"X-Leak\": headers.\"x-key\"}"]),
        ("list", ["path_mapping": "'/' & context.api_key"]),
        ("list", ["response_header_mapping": "{\"X-Leak\": context.api_key}"]),
        ("list", ["default_query": ["leak": "{{api_key}}"]]),
        ("list", ["default_query": ["leak": "{{context.api_key}}", "leak2": "{{credentials.api_key}}"]]),
        ("list", ["before": [["name": "a", "type": "transform", "config": "context"]], "response_mapping": "before"]),
        ("list", ["before": [["name": "a", "type": "transform", "config": ["x": "{{context:any}}"]]], "response_mapping": "before"]),
        ("list", ["is_partial_expression": "$error(context.api_key)"]),
        ("create", ["response_mapping": "{\"leak\": requestBody}"]),
        ("create", ["response_mapping": "{\"leak\": requestBody.login}"]),
    ]

    @Test(arguments: leaks, [true, false])
    func `no mapping of an override reads them`(leak: (String, JSONValue), byEnvironment: Bool) throws {
        var text = ""
        do { text = try Self.seen(leak.0, mappings: leak.1, byEnvironment: byEnvironment) } catch { text = "\(error)" }
        #expect(!text.contains(Self.key), "\(text)")
    }

    @Test(arguments: [true, false])
    func `nor by turning them into something else`(byEnvironment: Bool) throws {
        let turned = String(Self.key.reversed()).map(String.init).joined(separator: ".")
        for place in ["context.api_key", "headers.\"x-key\"", "requestBody.login", "$lookup(context, 'api_key')"] {
            let expression = "$join($reverse($split($string(\(place)), '')), '.')"
            for mapping in [
                ["response_mapping": .string("{\"a\": \(expression)}")],
                ["request_header_mapping": .string("{\"X-A\": \(expression)}")],
            ] as [JSONValue] {
                let text = (try? Self.seen("create", mappings: mapping, byEnvironment: byEnvironment)) ?? ""
                #expect(!text.contains(turned), "\(mapping.text()): \(text)")
            }
        }
    }

    @Test(
        arguments: [
            ["headers": ["X-Leak": "{{api_key}}"]], ["query": ["leak": "{{context.api_key}}"]],
            ["resources": ["things": ["list": ["headers": ["X-Leak": "{{credentials.api_key}}"]]]]],
            ["resources": ["things": ["list": ["query": ["leak": ["a": "{{api_key}}"]]]]]],
            ["resources": ["things": ["list": ["path": "/{{api_key}}"]]]],
            ["base_url": "https://api.vendor.test/{{api_key}}"],
        ] as [JSONValue], [true, false])
    func `no placeholder of an override reads them`(override: JSONValue, byEnvironment: Bool) throws {
        var text = ""
        do { text = try Self.seen("list", integration: override, byEnvironment: byEnvironment) } catch { text = "\(error)" }
        #expect(!text.contains(Self.key), "\(text)")
    }

    @Test func `an override reads what is open, and the definition its secrets`() throws {
        let override: JSONValue = ["headers": ["X-Mine": "{{region}}"]]
        let text = try Self.seen(
            "list", mappings: ["response_mapping": "{\"r\": context.region}"], integration: override, byEnvironment: true)
        #expect(text.contains("X-Mine: eu") && text.contains("\"r\":\"eu\""))
        let plan = try Self.catalog().plan(model: "demo", resource: "things", method: "list", integration: "vendor")
        let request = try Sample.request(plan, Self.scope())
        #expect(request.headerLines == ["X-Key: \(Self.key)", "X-Open: eu"])
        #expect(request.authorization.map(\.value) == ["Bearer \(Self.key)"])
    }

    @Test func `the operator may trust overrides with them`() throws {
        let text = try Self.seen(
            "list", mappings: ["response_mapping": "{\"k\": context.api_key}"], integration: ["headers": ["X-Mine": "{{api_key}}"]],
            byEnvironment: false, maySeeSecrets: true)
        #expect(text.contains("X-Mine: \(Self.key)") && text.contains("\"k\":\"\(Self.key)\""))
    }

    @Test func `an override cannot call a secret field open`() throws {
        let fields: JSONValue = [["name": "api_key", "label": "K", "type": "text"]]
        let override = Overrides(
            version: "1", integration: ["credentials": ["api_key": ["config": ["fields": fields]]]])
        let vendor = try Self.catalog().integration("vendor", environmentOverrides: override, accountOverrides: nil)
        #expect(vendor.secretFields.contains("api_key"))
    }
}

/// Where credentials may go.
struct `Hosts of credentials` {
    static func vendor(_ base: String, _ more: String = "") -> String {
        """
        label: V
        base_url: "\(base)"
        \(more)
        authorization: {format: bearer, config: {token: "{{k}}"}}
        headers: {X-Key: "{{k}}"}
        resources: {things: {list: {path: /x}, open: {path: /x, base_url: "{{before.a.url}}", no_auth: true}}}
        """
    }

    static func request(
        _ text: String, override: JSONValue? = nil, hosts: [String] = [], method: String = "list", _ scope: CallInput
    ) throws -> OutgoingRequest {
        let catalog = Catalog(
            files: CatalogFiles(texts: ["integrations/vendor/integration.yaml": text]), overrides: OverrideRules(hosts: hosts))
        let vendor = try catalog.integration(
            "vendor", environmentOverrides: override.map { Overrides(version: "1", integration: $0) }, accountOverrides: nil)
        guard let call = vendor.resources["things"]?.methods[method] else { throw Sample.SampleError.notOneCall }
        return try RequestBuilder(vendor, call).build(scope)
    }

    static let own: [(String, String, String, Bool)] = [
        ("https://api.v.test", "", "https://api.v.test/v2", true),
        ("https://api.v.test", "", "https://API.V.test", true),
        ("https://api.v.test", "", "https://evil.test", false),
        ("https://api.v.test", "", "https://api.v.test.evil.test", false),
        ("https://api.v.test", "", "https://evil.test/api.v.test", false),
        ("https://api.v.test", "", "https://api.v.test@evil.test", false),
        ("https://api.v.test", "", "https://evil.test#api.v.test", false),
        ("https://api.v.test", "", "https://evil.test\\\\.api.v.test", false),
        ("https://api.v.test", "", "https://api.v.test.", false),
        ("https://api.v.test", "", "https:api.v.test", false),
        ("https://api.v.test", "", "//api.v.test", false),
        ("https://api.v.test", "", "ftp://api.v.test", false),
        ("https://api.v.test", "", "https://api.v.test:8443", true),
        ("https://api.v.test", "", "https://eu.api.v.test", false),
        ("https://api.v.test", "allowed_hosts: [eu.v.test]", "https://eu.v.test", true),
        ("https://api.v.test", "allowed_hosts: [\"*.v.test\"]", "https://a.b.v.test", true),
        ("https://api.v.test", "allowed_hosts: [\"*.v.test\"]", "https://v.test", false),
        ("https://api.v.test", "allowed_hosts: [\"*.v.test\"]", "https://xv.test", false),
        ("https://{{sub}}.v.test", "", "https://other.v.test", true),
        ("https://{{sub}}.v.test", "", "https://v.test.evil.test", false),
        ("https://api-{{sub}}.v.test", "", "https://api-eu.v.test", true),
        ("https://api-{{sub}}.v.test", "", "https://eu.v.test", false),
        ("https://{{sub}}", "", "https://anything.test", false),
        ("https://api.{{sub}}", "", "https://api.evil.test", false),
    ]

    @Test(arguments: own)
    func `an override leads credentials to the definition's hosts alone`(base: String, more: String, to: String, isSent: Bool) {
        let error = caught {
            _ = try Self.request(Self.vendor(base, more), override: ["base_url": .string(to)], CallInput(context: ["k": "secret"]))
        }
        #expect((error == nil) == isSent, "\(to): \(error?.message ?? "sent")")
    }

    @Test(arguments: own)
    func `and is refused when it is stored`(base: String, more: String, to: String, isSent: Bool) {
        let catalog = Catalog(files: CatalogFiles(texts: ["integrations/vendor/integration.yaml": Self.vendor(base, more)]))
        for override in [
            ["base_url": .string(to)], ["resources": ["things": ["list": ["base_url": .string(to)]]]],
            ["resources": ["things": ["new": ["path": "/x", "base_url": .string(to), "no_auth": true]]]],
            ["credentials": ["oauth2": ["format": "oauth2", "config": ["auth": ["tokenHost": .string(to), "tokenPath": "/t"]]]]],
        ] as [JSONObject] {
            let error = caught { try catalog.check(integrationOverride: override, of: "vendor") }
            #expect((error == nil) == isSent, "\(JSONValue.object(override).text()): \(error?.message ?? "stored")")
        }
    }

    @Test func `an override adds no host by itself`() {
        let catalog = Catalog(files: CatalogFiles(texts: ["integrations/vendor/integration.yaml": Self.vendor("https://api.v.test")]))
        for override in [
            ["allowed_hosts": ["evil.test"]], ["allowed_hosts": ["*.test"]], ["session": ["hosts": ["evil.test"], "steps": []]],
        ] as [JSONObject] {
            #expect(caught { try catalog.check(integrationOverride: override, of: "vendor") }?.code == .hostNotAllowed)
        }
        let both: JSONValue = ["allowed_hosts": ["evil.test"], "base_url": "https://evil.test"]
        #expect(
            caught { _ = try Self.request(Self.vendor("https://api.v.test"), override: both, CallInput(context: ["k": "s"])) }?.code
                == .hostNotAllowed)
    }

    @Test(arguments: [(["evil.test"], true), (["*.test"], true), (["other.test"], false)])
    func `the operator may list more`(hosts: [String], isSent: Bool) {
        let error = caught {
            _ = try Self.request(
                Self.vendor("https://api.v.test"), override: ["base_url": "https://evil.test"], hosts: hosts,
                CallInput(context: ["k": "secret"]))
        }
        #expect((error == nil) == isSent)
    }

    @Test func `a value of the context leads them to no other host`() {
        for (text, isSent) in [("https://eu.v.test", true), ("https://evil.test", false), ("https://v.test@evil.test", false)] {
            let vendor = Self.vendor("{{context.url}}", "allowed_hosts: [\"*.v.test\"]")
            let error = caught { _ = try Self.request(vendor, CallInput(context: ["url": .string(text), "k": "secret"])) }
            #expect((error == nil) == isSent, "\(text)")
        }
    }

    @Test func `what needs none goes anywhere without any`() throws {
        var scope = CallInput(context: ["k": "secret-key"])
        scope.before = ["a": ["url": "https://files.other.test/put"]]
        let request = try Self.request(Self.vendor("https://api.v.test"), method: "open", scope)
        #expect(request.url == "https://files.other.test/put/x")
        #expect(request.headers.isEmpty && request.authorization.isEmpty)
    }

    @Test func `no override says that a call needs none`() {
        let override: JSONValue = ["resources": ["things": ["list": ["no_auth": true, "base_url": "https://evil.test"]]]]
        let error = caught { _ = try Self.request(Self.vendor("https://api.v.test"), override: override, CallInput(context: ["k": "s"])) }
        #expect(error?.code == .hostNotAllowed)
    }

    @Test(
        arguments: [
            (["base_url": "nonsense"], false), (["base_url": "{{context.url}}"], false), (["base_url": 7], false),
            (["resources": ["things": ["list": ["method": "fetch"]]]], false), (["resources": ["things": ["list": ["pth": "/x"]]]], false),
            (["headers": ["A": "{{a:nonsense}}"]], false), (["headers": ["A": "b"]], true), ([:], true),
        ] as [(JSONObject, Bool)])
    func `what no call could be made with is not stored`(override: JSONObject, isStored: Bool) {
        let catalog = Catalog(files: CatalogFiles(texts: ["integrations/vendor/integration.yaml": Self.vendor("https://api.v.test")]))
        #expect((caught { try catalog.check(integrationOverride: override, of: "vendor") } == nil) == isStored)
    }
}
