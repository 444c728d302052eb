import Catalog
import JSON
import Testing

struct `Overriding definitions` {
    static func mapping(_ config: JSONValue, version: String = "1") -> Overrides {
        Overrides(version: version, mappings: ["demo": ["things": ["list": config]]])
    }

    static let response = ProviderResponse(status: 200, json: [["id": 1, "title": "t", "extra": "e"]])

    static func record(environment: Overrides? = nil, account: Overrides? = nil) throws -> JSONObject? {
        let plan = try Sample.plan("list", environment: environment, account: account)
        let scope = CallInput(query: ["owner_id": "o"], context: ["api_key": "k"])
        var machine = CallMachine(plan, scope)
        guard case .send = try machine.start(), case .finished(.page(let page)) = try machine.received(response) else {
            return nil
        }
        return try page.records.first?.object()
    }

    @Test func `of the environment replace an expression`() throws {
        let environment = Self.mapping(["response_mapping": "{\"id\": response.extra}"])
        let record = try Self.record(environment: environment)
        #expect(record?["id"] == "e")
        #expect(record?["name"] == nil)
    }

    @Test func `of the account are evaluated beside it and win`() throws {
        let account = Self.mapping(["response_mapping": "{\"name\": response.extra, \"more\": response.id}"])
        let record = try Self.record(account: account)
        #expect(record?["id"] == "1")
        #expect(record?["name"] == "e")
        #expect(record?["more"] == 1)
    }

    @Test func `of both lie over each other in that order`() throws {
        let record = try Self.record(
            environment: Self.mapping(["response_mapping": "{\"id\": response.extra, \"name\": \"env\"}"]),
            account: Self.mapping(["response_mapping": "{\"name\": \"account\"}"], version: "2")
        )
        #expect(record?["id"] == "e")
        #expect(record?["name"] == "account")
    }

    @Test func `of the account add to the query mapping`() throws {
        let plan = try Sample.plan("list", account: Self.mapping(["query_mapping": "{\"full_name\": query.name}"]))
        let request = try Sample.request(plan, CallInput(query: ["owner_id": "o", "name": "n"], context: ["api_key": "k"]))
        #expect(request.queryLines == ["full_name=n"])
    }

    @Test func `of an integration merge, replace arrays and remove by null`() throws {
        let text = """
            label: V
            base_url: https://a.test
            headers: {A: "1", B: "1"}
            allowed_hosts: [x.test, y.test]
            resources: {things: {get: {path: /x}}}
            """
        let catalog = Sample.catalog(integration: text)
        let vendor = try catalog.integration(
            "vendor",
            environmentOverrides: Overrides(
                version: "1", integration: ["headers": ["A": "2"], "allowed_hosts": ["z.test"], "base_url": "https://env.test"]
            ),
            accountOverrides: Overrides(version: "2", integration: ["headers": ["B": nil], "base_url": "https://account.test"])
        )
        #expect(vendor.baseURL.constant == "https://account.test")
        #expect(vendor.allowedHosts.map(\.text) == ["z.test"])
        #expect(vendor.headers.map { "\($0.name)=\($0.value?.constant ?? "")" } == ["A=2"])
        #expect(try catalog.integration("vendor").baseURL.constant == "https://a.test")
    }

    @Test func `that break the shape are refused with their path`() {
        let error = caught {
            _ = try Sample.plan("list", account: Overrides(version: "1", integration: ["pagination": ["format": "pages"]]))
        }
        #expect(error?.code == .invalidDefinition)
        #expect(error?.faults.map(\.path) == ["pagination.format"])
        #expect(
            caught { _ = try Sample.plan("list", environment: Self.mapping(["query_mappin": "x"])) }?.faults.map(\.path)
                == ["resources.things.list.query_mappin"])
    }

    @Test func `of a model change its schema for one environment`() throws {
        let override: JSONValue = [
            "demo": ["resources": ["things": ["schema": ["properties": ["name": nil, "title": ["type": "string"]]]]]]
        ]
        let plan = try Sample.plan("list", environment: Overrides(version: "1", models: override))
        #expect(plan.schema.properties.map(\.name) == ["id", "owner", "remote_data", "title"])
    }

    @Test func `with equal versions share a plan, with others do not`() throws {
        let catalog = Sample.catalog()
        func plan(_ account: Overrides?) throws -> MethodPlan {
            try catalog.plan(model: "demo", resource: "things", method: "list", integration: "vendor", accountOverrides: account)
        }
        let base = try plan(nil)
        #expect(try plan(nil) === base)
        #expect(try plan(Overrides(version: "1")) === base)
        let first = try plan(Self.mapping(["response_mapping": "{}"]))
        #expect(try plan(Self.mapping(["response_mapping": "{}"])) === first)
        #expect(try plan(Self.mapping(["response_mapping": "{}"], version: "2")) !== first)
    }

    @Test func `can give a vendor a method that its definition lacks`() throws {
        let plan = try Sample.plan(
            "get", mapping: "resources: {}",
            environment: Overrides(
                version: "1", mappings: ["demo": ["things": ["get": ["response_mapping": "response"]]]]
            )
        )
        #expect(try Sample.request(plan, CallInput(context: ["api_key": "k"], id: "1")).url.hasSuffix("/things/1"))
    }
}
