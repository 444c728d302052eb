import Catalog
import JSON
import Testing

@testable import Sandbox

@Suite struct SandboxLintTests {
    private static let whole = """
        label: L
        keys: {k: {permissions: all}}
        authorization: [{kind: bearer}]
        errors: {unauthorized: {status: 401}, not_found: {status: 404}}
        collections: {things: {count: 7, record: '{"n": $n}'}}
        pagination: {pages: {kind: page, page: {name: page}, limit: {name: limit, default: 3}}}
        routes:
          - {route: GET /things, source: x, list: things, pagination: pages}
        accounts: {key: {context: {key: k}}}
        """

    @Test(arguments: [
        ("", "", nil), ("label: L", "lable: L", "unknown key"), ("source: x, ", "", "'source' is missing"),
        ("list: things", "list: none", "no collection 'none'"), ("pagination: pages", "pagination: none", "no pagination 'none'"),
        ("count: 7", "count: 6", "need 7"), ("\"n\": $n", "\"n\": $all(\"none\")", "no collection"),
        ("\"n\": $n", "\"n\": $fail(\"none\")", "no error"), ("\"n\": $n", "\"n\": $uppercase($n)", "T04"),
        ("\"n\": $n", "\"n\": $m", "$m is neither"), ("\"n\": $n", "\"n\": ", "S0"),
        ("kind: bearer", "kind: token", "none of"), ("GET /things", "/things", "METHOD"), ("list: things, ", "", "is needed"),
        ("unauthorized: {status: 401}, ", "", "'unauthorized' is missing"), ("status: 404", "status: no", "whole number"),
        ("page: {name: page}, ", "", "'page' is missing"), ("authorization: [{kind: bearer}]", "", "nobody can call it"),
        ("accounts: {key: {context: {key: k}}}", "", "'accounts' is missing"),
    ])
    func `a fault is found at its place`(part: String, wrong: String, message: String?) throws {
        let text = part.isEmpty ? Self.whole : Self.whole.replacing(part, with: wrong)
        let faults = try KindsSandbox.read(text).lint()
        if let message {
            #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
        } else {
            #expect(faults.isEmpty, "\(faults)")
        }
    }

    @Test func `the sandboxes of the catalog have no faults`() throws {
        let catalog = try Catalog()
        #expect(catalog.sandboxNames.contains("lever"))
        for vendor in catalog.sandboxNames {
            let definition = SandboxDefinition(vendor: vendor, document: try catalog.sandbox(vendor).document)
            #expect(definition.lint().map { "\(vendor): \($0.path.joined(separator: ".")): \($0.message)" } == [])
        }
    }

    @Test func `the accounts of a sandbox turn every host of the definition to it`() throws {
        let integration: JSONValue = [
            "base_url": "https://{{subdomain}}.kinds.example/v1", "allowed_hosts": ["files.kinds.example"],
            "documentation_url": "https://docs.kinds.example",
            "credentials": ["oauth2": ["config": ["auth": ["tokenHost": "https://auth.kinds.example"]]]],
            "session": ["steps": [], "hosts": ["*.kinds.example"]],
        ]
        let wiring = HostWiring(base: "http://127.0.0.1:1", host: "127.0.0.1", hosts: [("auth.kinds.example", "/_auth")])
        let override = JSONValue.object(wiring.override(integration))
        #expect(override["base_url"] == "http://127.0.0.1:1/v1")
        #expect(wiring.override(["base_url": "https://{{region ?? :api/eu}}.kinds.example/v1"])["base_url"] == "http://127.0.0.1:1/v1")
        #expect(override["allowed_hosts"] == ["files.kinds.example", "127.0.0.1"])
        #expect(override["documentation_url"] == nil)
        #expect(override[path: ["credentials", "oauth2", "config", "auth", "tokenHost"]] == "http://127.0.0.1:1/_auth")
        #expect(override["session"]?["hosts"] == ["*.kinds.example", "127.0.0.1"])
    }
}
