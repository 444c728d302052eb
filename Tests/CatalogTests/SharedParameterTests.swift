import Catalog
import JSON
import Testing

struct `A parameter that may stand in the query or the body` {
    static let model = """
        label: Things
        resources:
          things:
            schema: {type: object, properties: {id: {type: string}}}
            methods:
              list: {params: {owner_id: {type: string}, job_id: {type: string}}}
              create:
                params: {owner_id: {type: string}, job_id: {type: string}}
                body: {file: {type: string, format: binary}}
        """

    static func plan(_ method: String, _ requires: String = "[owner_id]", more: String = "") throws -> MethodPlan {
        let mapping = """
            resources:
              things:
                \(method):
                  requires: \(requires)
                  query_mapping: '{"owner": params.owner_id, "q": query.owner_id, "b": body.owner_id}'
                  request_body_mapping: '{"file": body.file}'
                  \(more)
            """
        return try Sample.catalog(model: model, mapping: mapping).plan(
            model: "demo", resource: "things", method: method, integration: "vendor")
    }

    struct Form: Sendable, CustomTestStringConvertible {
        var query: JSONObject = [:]
        var body: JSONValue?
        var expected: String?
        var testDescription: String { "query \(JSONValue.object(query).text()), body \(body?.text() ?? "none")" }
    }

    static let forms: [Form] = [
        Form(query: ["owner_id": "o 1"], expected: "o 1"),
        Form(query: ["owner": ["id": "o 1"]], expected: "o 1"),
        Form(query: ["owner.id": "o 1"], expected: "o 1"),
        Form(body: ["owner_id": "o 1"], expected: "o 1"),
        Form(body: ["owner": ["id": "o 1"]], expected: "o 1"),
        Form(body: ["owner.id": "o 1"], expected: "o 1"),
        Form(body: ["owner_id": 17], expected: "17"),
        Form(query: ["owner_id": "o 1"], body: ["owner_id": nil], expected: "o 1"),
        Form(query: ["owner_id": ""], body: ["owner": ["id": "o 1"]], expected: "o 1"),
        Form(query: ["owner_id": "o 1"], body: ["owner": ["id": "o 1"]], expected: "o 1"),
        Form(query: ["owner_id": ""], expected: nil),
        Form(body: ["owner_id": nil], expected: nil),
        Form(body: ["owner": "o 1"], expected: nil),
        Form(body: ["owner": ["id": nil]], expected: nil),
    ]

    @Test(arguments: forms) func `is found in each of its forms, or missing in all`(form: Form) throws {
        let plan = try Self.plan("create")
        let scope = CallInput(query: form.query, body: form.body ?? [:], context: ["api_key": "k"])
        let validation = try plan.validate(scope)
        #expect(validation.missingBody == (form.expected == nil ? ["owner_id"] : []))
        #expect(validation.invalidQuery == nil)
        guard let expected = form.expected else { return }
        var machine = CallMachine(plan, scope)
        guard case .send(let request, _) = try machine.start() else { return #expect(Bool(false)) }
        #expect(request.queryLines == ["owner=\(expected)", "q=\(expected)", "b=\(expected)"])
    }

    @Test func `that has two values is refused`() throws {
        let validation = try Self.plan("create").validate(CallInput(query: ["owner_id": "a"], body: ["owner": ["id": "b"]]))
        #expect(validation.invalidQuery?.name == "owner_id")
        #expect(validation.invalidQuery?.rule == "differs from the one in the body")
    }

    @Test(
        arguments: [
            ("list", "[owner_id]", "owner_id is required", ["owner_id"], []),
            ("list", "[[owner_id, job_id]]", "owner_id or job_id is required", ["owner_id or job_id"], []),
            ("create", "[[owner_id, job_id]]", "owner_id or job_id is required", [], ["owner_id or job_id"]),
            ("list", "[owner_id, job_id]", "owner_id and job_id are required", ["owner_id", "job_id"], []),
        ] as [(String, String, String, [String], [String])])
    func `is named as the caller can send it`(
        method: String, requires: String, message: String, query: [String], body: [String]
    ) throws {
        let validation = try Self.plan(method, requires).validate(CallInput(body: method == "create" ? [:] : nil))
        #expect(validation.message == message)
        #expect(validation.missingQuery == query)
        #expect(validation.missingBody == body)
        #expect(validation.firstMissing == "owner_id")
    }

    @Test func `is waited for in all its forms where anything before the request reads it`() throws {
        #expect(try Self.plan("create").bodyMembersRead == ["file", "owner_id", "owner", "owner.id"])
        let all: Set = ["file", "owner_id", "owner", "owner.id", "job_id", "job", "job.id"]
        let forwarded = "resources: {things: {create: {request_body_mapping: '{\"file\": body.file}'}}}"
        let plan = try Sample.catalog(model: Self.model, mapping: forwarded).plan(
            model: "demo", resource: "things", method: "create", integration: "vendor")
        #expect(plan.bodyMembersRead == all)
    }

    @Test func `is tried by lint in both places for every example`() throws {
        let example = """
            {"description": "d", "model": "demo", "resource": "things", "method": "create",
             "account": {"context": {"api_key": "k"}}, "call": {"body": {"owner": {"id": "o"}, "file": {"$file": "f", "name": "n", "content_type": null, "size": 1}}},
             "exchanges": [{"request": {"method": "POST", "url": "https://api.vendor.test/v1/things", "query": {"o": "o"}},
                            "answer": {"status": 200, "body": {"id": "1"}}}],
             "result": {"id": "1"}}
            """
        func faults(_ query: String) -> [String] {
            let mapping = "resources: {things: {create: {query_mapping: '\(query)', request_body_mapping: '{}'}}}"
            return CatalogLint.run(
                Sample.catalog(model: Self.model, mapping: mapping, more: ["integrations/vendor/examples/a.json": example])
            ).faults.map(\.message)
        }
        #expect(faults("{\"o\": params.owner_id}") == [])
        #expect(faults("{\"o\": body.owner_id}") == [])
        #expect(
            faults("{\"o\": body.owner.id}") == [
                "with owner_id in the query: exchange 1: query: expected {\"o\":\"o\"}, found {}"
            ])
    }
}
