import Catalog
import JSON
import Testing

/// docs/definitions.md#steps: a caller's `remote_data` goes into the call that makes or changes the record, and into no other.
@Suite struct RemoteDataPlaceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// Keys of the mapping of `create`.
        var mapping: String
        /// The calls that hold it.
        var takenBy: [String]
        var isDropped = false
        var testDescription: String { mapping }
    }

    /// A step of the vendor's call of that name.
    private static func step(_ call: String, _ more: String = "") -> String {
        "{name: \(call), \(more)config: '{\"resource\": \"things\", \"method\": \"\(call)\", \"body\": {\"a\": 1}}'}"
    }

    static let rows = [
        Row(mapping: "method: make", takenBy: ["make"]),
        Row(mapping: "method: make, before: [\(step("look")), \(step("note"))]", takenBy: ["make"]),
        Row(mapping: "method: look, before: [\(step("make")), \(step("note"))]", takenBy: ["make"]),
        Row(mapping: "method: look, before: [\(step("make", "run_if: \"false\", ")), \(step("note"))]", takenBy: ["note"]),
        // What reads by POST, and what takes a file at an address of its own, does not write the record.
        Row(mapping: "method: look, before: [\(step("search")), \(step("put")), \(step("make"))]", takenBy: ["make"]),
        Row(mapping: "method: search, before: [\(step("make"))]", takenBy: ["make"]),
        Row(mapping: "method: search", takenBy: ["search"]),
        Row(mapping: "method: note, before: [\(step("make", "makes_record: true, "))]", takenBy: ["make"]),
        Row(mapping: "method: make, before: [\(step("note", "makes_record: true, run_if: \"false\", "))]", takenBy: ["make"]),
        Row(
            mapping: "method: look, before: [\(step("note")), \(step("make", "makes_record: true, "))]", takenBy: ["make"]),
        Row(mapping: "method: look, before: [\(step("make", "for_each: '[1, 2]', ")), \(step("note"))]", takenBy: ["make", "make"]),
        // Which call it is, a step decides that has not been carried out yet: the definition says where the record is made.
        Row(
            mapping: "method: {expression: '$exists(before.make) ? \"look\" : \"note\"', methods: [look, note]}, "
                + "before: [\(step("make", "makes_record: true, "))]",
            takenBy: ["make"]),
        Row(mapping: "method: look", takenBy: [], isDropped: true),
    ]

    @Test(arguments: rows) func `goes into the call that makes the record`(row: Row) throws {
        let integration = """
            label: V
            base_url: https://a.test
            resources:
              things:
                make: {method: post, path: /make}
                note: {method: post, path: /note}
                look: {path: /look}
                search: {method: post, path: /search, idempotent: true}
                put: {method: put, path: /put, no_auth: true}
            """
        let plan = try Sample.plan(
            "create", integration: integration,
            mapping: "resources: {things: {create: {\(row.mapping), query_mapping: '{}', request_body_mapping: '{\"b\": 2}'}}}")
        var machine = CallMachine(plan, CallInput(body: ["name": "x"], remoteData: ["own": true]))
        var action = try machine.start()
        var takenBy: [String] = []
        while case .send(let request, let call) = action {
            if case .json(let body) = request.body, body["own"] == true { takenBy.append(call.method.name) }
            action = try machine.received(ProviderResponse(status: 200, json: ["id": "1"]))
        }
        #expect(takenBy == row.takenBy)
        #expect(machine.dropsRemoteData == row.isDropped)
    }
}
