import HTTPTypes
import JSON
import Testing

@testable import Catalog

/// `actions` of a definition.
@Suite struct ActionTests {
    private static let actions = """

        actions:
          post_install:
            steps:
              - {name: me, type: request, config: {resource: things, method: get, id: me}}
              - {name: none, run_if: 'false', type: request, config: {resource: things, method: get}}
              - {type: update_context, config: '{"owner": before.me.id, "old": null}'}
          validation:
            type: request
            config: {resource: things, method: list, query: {owner: "{{owner}}"}}

        """

    private func machine(_ actions: String = actions) throws -> ActionMachine {
        let vendor = try Sample.catalog(integration: Sample.integration + actions).integration("vendor")
        return ActionMachine(vendor, context: ["api_key": "k", "old": 1], authenticationMethod: "api_key")
    }

    private func response(_ status: Int, _ json: JSONValue) -> ProviderResponse {
        ProviderResponse(status: status, json: json)
    }

    private func request(_ next: ActionMachine.Next) throws -> OutgoingRequest {
        guard case .send(let request, _) = next else { throw Sample.SampleError.notOneCall }
        return request
    }

    @Test func `actions run in their order, and later ones see what earlier ones found`() throws {
        var machine = try machine()
        let first = try request(try machine.start())
        #expect(first.url == "https://api.vendor.test/v1/things/me")
        #expect(first.authorization.first?.value == "Bearer k")
        #expect(machine.current == .postInstall)
        let second = try request(try machine.received(response(200, ["id": "o-1"])))
        #expect(second.url == "https://api.vendor.test/v1/owners/o-1/things")
        #expect(machine.current == .validation)
        guard case .finished(.done(let context)) = try machine.received(response(200, [])) else {
            Issue.record("it did not end well")
            return
        }
        #expect(context == ["owner": "o-1", "old": .null])
    }

    @Test(arguments: [(0, Action.Name.postInstall), (1, .validation)])
    func `the first refusal ends it, and names its action`(good: Int, action: Action.Name) throws {
        var machine = try machine()
        var next = try machine.start()
        for _ in 0..<good { next = try machine.received(response(200, ["id": "o-1"])) }
        _ = try request(next)
        guard case .finished(.refused(let name, let failure)) = try machine.received(response(401, ["message": "no"])) else {
            Issue.record("it was not refused")
            return
        }
        #expect(name == action && failure.status == 401 && failure.message == "no")
    }

    @Test func `without actions all is well`() throws {
        var machine = try machine("")
        guard case .finished(.done(let context)) = try machine.start() else {
            Issue.record("something was sent")
            return
        }
        #expect(context.isEmpty)
    }

    @Test(arguments: [
        ("validation: {config: {resource: thing, method: list}}", "actions.validation.config: vendor has no resource 'thing'"),
        ("validation: {config: {resource: things, method: lst}}", "actions.validation.config: vendor.things has no method 'lst'"),
        ("validation: {steps: [{config: {}}]}", "actions.validation.steps.0.config: names no resource"),
        ("validate: {config: {resource: things}}", "actions.validate: unknown key"),
        ("validation: {type: form, config: {}}", "actions.validation.type:"),
        ("validation: {type: transform, config: '1 +'}", "actions.validation.config: S0207"),
    ]) func `lint follows what actions name`(text: String, fault: String) {
        let catalog = Sample.catalog(integration: Sample.integration + "\nactions: {\(text)}\n")
        let faults = CatalogLint.run(catalog).faults.map(\.description)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test func `the members that decide where credentials go are known`() throws {
        let text = """
            label: Vendor
            base_url: "https://{{context.subdomain}}.vendor.test/{{version|credentials.api}}"
            credentials:
              format: oauth2
              config: {auth: {tokenHost: "https://{{region}}.vendor.test", tokenPath: /t}}
            resources: {a: {get: {path: "/{{id}}", base_url: "{{host}}"}}}
            """
        let vendor = try Sample.catalog(integration: text).integration("vendor")
        #expect(vendor.addressMembers == ["subdomain", "version", "api", "region", "host"])
    }
}
