import Catalog
import JSON
import Testing

/// docs/definitions.md#a-call: a call's own `body` lies below the one that a mapping or a step makes, and is all that is sent
/// where none makes one.
@Suite struct OwnBodyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// Of the method `create`, whose call has the body `{a: 0, n: {b: 0}}`, and so has that of the step.
        var mapping: String
        var sent: [JSONValue]
        var testDescription: String { mapping }
    }

    private static let own: JSONValue = ["a": 0, "n": ["b": 0]]

    static let rows = [
        Row(mapping: "request_body_mapping: '{\"a\": 1}'", sent: [["a": 1, "n": ["b": 0]]]),
        Row(mapping: "request_body_mapping: '{\"n\": {\"c\": 1}}'", sent: [["a": 0, "n": ["b": 0, "c": 1]]]),
        Row(mapping: "request_body_mapping: 'null'", sent: [own]),
        // The caller's body was not made for the call.
        Row(mapping: "query_mapping: '{}'", sent: [own]),
        Row(mapping: "body: {c: 1}", sent: [["a": 0, "n": ["b": 0], "c": 1, "name": "x"]]),
        Row(mapping: "before: [{name: s, config: '{\"resource\": \"things\", \"method\": \"step\"}'}]", sent: [own, own]),
        Row(
            mapping: "before: [{name: s, config: '{\"resource\": \"things\", \"method\": \"step\", \"body\": {\"a\": 1}}'}]",
            sent: [["a": 1, "n": ["b": 0]], own]),
        Row(
            mapping: "before: [{name: s, config: {resource: things, method: step, body: {n: {c: \"{{body.name}}\"}}}}]",
            sent: [["a": 0, "n": ["b": 0, "c": "x"]], own]),
        Row(
            mapping: "before: [{name: s, for_each: '[1, 2]', "
                + "config: '{\"resource\": \"things\", \"method\": \"step\", \"body\": {\"a\": item}}'}]",
            sent: [["a": 1, "n": ["b": 0]], ["a": 2, "n": ["b": 0]], own]),
    ]

    @Test(arguments: rows) func `lies below what is made`(row: Row) throws {
        let integration = """
            label: V
            base_url: https://a.test
            resources:
              things:
                create: {method: post, path: /x, body: &own {a: 0, n: {b: 0}}}
                step: {method: post, path: /s, body: *own}
            """
        let plan = try Sample.plan(
            "create", integration: integration, mapping: "resources: {things: {create: {\(row.mapping)}}}")
        var machine = CallMachine(plan, CallInput(body: ["name": "x"]))
        var action = try machine.start()
        var sent: [JSONValue] = []
        while case .send(let request, _) = action {
            if case .json(let body) = request.body { sent.append(body) } else { sent.append(.null) }
            action = try machine.received(ProviderResponse(status: 200, json: ["id": "1"]))
        }
        #expect(sent == row.sent)
    }
}
