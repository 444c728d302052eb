import Catalog
import JSON
import Testing

/// Plays a plan against given responses and notes what was sent.
struct Play {
    var sent: [String] = []
    var outcome: CallOutcome?

    init(_ plan: MethodPlan, _ scope: CallInput, _ responses: [ProviderResponse]) throws {
        var machine = CallMachine(plan, scope)
        var action = try machine.start()
        var rest = responses[...]
        while case .send(let request, _) = action {
            sent.append("\(request.method) \(request.visibleTarget.replacing("https://a.test", with: ""))")
            guard let response = rest.popFirst() else { return }
            action = try machine.received(response)
        }
        if case .finished(let outcome) = action { self.outcome = outcome }
    }

    var page: MappedPage? { if case .page(let page) = outcome { page } else { nil } }
    var failure: ProviderFailure? { if case .failure(let failure) = outcome { failure } else { nil } }
    var ids: [String] { page?.records.compactMap { $0["id"]?.string } ?? [] }
}

struct `The course of a call` {
    static let vendor = """
        label: V
        base_url: https://a.test
        pagination: {format: cursor, config: {cursor_path: next, cursor_param: after, limit_param: n, max_limit: 10}}
        resources:
          files:
            list: {path: /files, response_path: data}
            get: {path: "/files/{{id}}"}
            create: {method: post, path: "/files/{{before.handle.ref}}", path_slashes: [ref]}
            confirm: {method: post, path: "/confirm/{{query.id}}"}
          notes:
            list: {path: /notes, response_path: data}
            get: {path: "/notes/{{id}}", not_found_statuses: [404, 410]}
        """

    static let mapping = """
        resources:
          things:
            list:
              query_mapping: "{}"
              sources: [{resource: files}, {resource: notes}]
              response_mapping: 'response.id = "skip" ? null : {"id": response.id}'
            get:
              query_mapping: "{}"
              sources: [{resource: notes}, {resource: files}]
            create:
              resource: files
              query_mapping: "{}"
              before:
                - {name: never, run_if: "false", config: {resource: files, method: list}}
                - {name: word, type: transform, config: '{"a": body.name}'}
                - {name: handle, config: {resource: notes, method: get, id: "{{before.word.a}}"}}
              after:
                - {name: ok, config: '{"resource": "files", "method": "confirm", "query": {"id": data[0].id}}'}
        """

    static func plan(_ method: String) throws -> MethodPlan {
        try Sample.plan(method, integration: vendor, mapping: mapping)
    }

    static func page(_ ids: [String], next: String? = nil) -> ProviderResponse {
        var body: JSONObject = ["data": .array(ids.map { ["id": .string($0)] })]
        body["next"] = next.map { .string($0) }
        return ProviderResponse(status: 200, json: .object(body))
    }

    @Test func `goes through the sources of a list in one page`() throws {
        let play = try Play(Self.plan("list"), CallInput(), [Self.page(["a", "skip"]), Self.page(["b"])])
        #expect(play.sent == ["GET /files", "GET /notes"])
        #expect(play.ids == ["a", "b"])
        #expect(play.page?.nextCursor == nil)
    }

    @Test func `stops at a full page and goes on where it stopped`() throws {
        let plan = try Self.plan("list")
        let first = try Play(plan, CallInput(limit: 2), [Self.page(["a", "b"], next: "t 1")])
        #expect(first.sent == ["GET /files?n=2"])
        let second = try Play(plan, CallInput(limit: 2, cursor: first.page?.nextCursor), [Self.page(["c"]), Self.page(["d"], next: "u")])
        #expect(second.sent == ["GET /files?n=2&after=t%201", "GET /notes?n=1"])
        #expect(second.ids == ["c", "d"])
        let third = try Play(plan, CallInput(limit: 2, cursor: second.page?.nextCursor), [Self.page([])])
        #expect(third.sent == ["GET /notes?n=2&after=u"])
        #expect(third.page?.nextCursor == nil)
    }

    @Test func `leaves the next source to the next page where this one is full`() throws {
        let plan = try Self.plan("list")
        let first = try Play(plan, CallInput(limit: 1), [Self.page(["a"])])
        #expect(first.sent == ["GET /files?n=1"])
        let second = try Play(plan, CallInput(limit: 1, cursor: first.page?.nextCursor), [Self.page(["b"])])
        #expect(second.sent == ["GET /notes?n=1"])
        #expect(second.page?.nextCursor == nil)
    }

    @Test func `ends a list whose cursor does not move`() throws {
        let plan = try Self.plan("list")
        let cursor = SourceCursor(source: "notes", cursor: "same").text
        let play = try Play(plan, CallInput(cursor: cursor), [Self.page(["a"], next: "same")])
        #expect(play.page?.nextCursor == nil)
    }

    @Test func `cuts a limit to the provider's`() throws {
        #expect(try Play(Self.plan("list"), CallInput(limit: 50), []).sent == ["GET /files?n=10"])
    }

    @Test(arguments: ["x", SourceCursor(source: "gone", cursor: nil).text])
    func `refuses a cursor that is none of its own`(cursor: String) throws {
        let plan = try Self.plan("list")
        #expect(caught { _ = try Play(plan, CallInput(cursor: cursor), []) }?.code == .badCursor)
    }

    @Test func `tries the sources of a record until one has it`() throws {
        let plan = try Self.plan("get")
        let gone = ProviderResponse(status: 410, json: nil)
        let found = ProviderResponse(status: 200, json: ["id": 7])
        let play = try Play(plan, CallInput(id: "7"), [gone, found])
        #expect(play.sent == ["GET /notes/7", "GET /files/7"])
        #expect(play.ids == ["7"])
        let nowhere = try Play(plan, CallInput(id: "7"), [gone, ProviderResponse(status: 404, json: ["message": "no"])])
        #expect(nowhere.failure?.status == 404)
        #expect(nowhere.failure?.message == "no")
    }

    @Test func `tries no further source after another refusal`() throws {
        let play = try Play(Self.plan("get"), CallInput(id: "7"), [ProviderResponse(status: 403, json: nil)])
        #expect(play.sent == ["GET /notes/7"])
        #expect(play.failure?.status == 403)
    }

    @Test func `runs steps before and after and binds their results`() throws {
        let responses = [
            ProviderResponse(status: 200, json: ["ref": "r:1"]), ProviderResponse(status: 201, json: ["id": "new"]),
            ProviderResponse(status: 204, json: nil),
        ]
        let play = try Play(Self.plan("create"), CallInput(body: ["name": "n"]), responses)
        #expect(play.sent == ["GET /notes/n", "POST /files/r%3A1", "POST /confirm/new"])
        #expect(play.ids == ["new"])
    }

    @Test func `ends with the refusal of a step`() throws {
        let play = try Play(Self.plan("create"), CallInput(body: ["name": "n"]), [ProviderResponse(status: 500, json: nil)])
        #expect(play.sent == ["GET /notes/n"])
        #expect(play.failure?.status == 500)
    }

    @Test func `leaves out what a mapping gives as null, and keeps remote_data whole`() throws {
        let mapping = "resources: {things: {get: {response_mapping: '{\"id\": response.id, \"name\": response.name}'}}}"
        let response = ProviderResponse(status: 200, json: ["id": 1, "name": nil])
        let play = try Play(Sample.plan("get", mapping: mapping), CallInput(context: ["api_key": "k"], id: "1"), [response])
        let records = try play.page?.records.map { try $0.object() }
        #expect(records == [["id": "1", "remote_data": ["id": 1, "name": nil]]])
    }

    @Test func `returns a static response without a call`() throws {
        let plan = try Sample.plan("list", mapping: "resources: {things: {list: {static_response: [{id: x}]}}}")
        let play = try Play(plan, CallInput(), [])
        #expect(play.sent.isEmpty)
        guard case .fixed(let value) = play.outcome else {
            Issue.record("a call was made")
            return
        }
        #expect(value == [["id": "x"]])
    }

    /// A vendor without an address for one record: its list is looked through as long as it goes on.
    @Test(arguments: [
        ("2", ["GET /files", "GET /files?after=b"], ["2"]),
        ("3", ["GET /files", "GET /files?after=b", "GET /files?after=c"], []),
    ])
    func `a get that picks from a list of pages reads on until its record is there`(
        id: String, sent: [String], found: [String]
    ) throws {
        let vendor = Self.vendor.replacing(
            #"get: {path: "/files/{{id}}"}"#,
            with: """
                get:
                        path: /files
                        response_path: "data[id = $id]"
                        pagination: {format: cursor, config: {cursor_path: next, cursor_param: after, limit_param: n, max_limit: 10}}
                """)
        let mapping = Self.mapping.replacing(
            "sources: [{resource: notes}, {resource: files}]", with: "sources: [{resource: files}]")
        let plan = try Sample.plan("get", integration: vendor, mapping: mapping)
        let pages = [Self.page(["1"], next: "b"), Self.page(["2"], next: "c"), Self.page([])]
        let play = try Play(plan, CallInput(id: id), pages)
        #expect(play.sent == sent)
        #expect(play.ids == found)
        #expect(found.isEmpty == (play.failure?.isNotFound == true))
    }

    @Test func `carries a step out for each item, in order, and binds all results`() throws {
        let mapping = Self.mapping.replacing(
            #"- {name: never, run_if: "false", config: {resource: files, method: list}}"#,
            with:
                #"- {name: each, for_each: "body.refs", run_if: 'item != "no"', config: '{"resource": "notes", "method": "get", "id": item}'}"#
        )
        let plan = try Sample.plan("create", integration: Self.vendor, mapping: mapping)
        let body: JSONValue = ["name": "last", "refs": ["a", "no", "b", "c", "d", "e", "f"]]
        let found = ["a", "b", "c", "d", "e", "f"].map { ProviderResponse(status: 200, json: ["ref": .string($0)]) }
        let play = try Play(plan, CallInput(body: body), found)
        #expect(play.sent == ["a", "b", "c", "d", "e", "f", "last"].map { "GET /notes/\($0)" })
        let refused = try Play(plan, CallInput(body: body), [found[0], ProviderResponse(status: 403, json: nil)])
        #expect(refused.sent == ["GET /notes/a", "GET /notes/b"])
        #expect(refused.failure?.status == 403)
        let none = try Play(plan, CallInput(body: ["name": "last", "refs": []]), [])
        #expect(none.sent == ["GET /notes/last"])
    }

    @Test(arguments: [(100, false), (101, true)])
    func `does not make any number of calls of one`(count: Int, isRefused: Bool) throws {
        let mapping = Self.mapping.replacing(
            #"- {name: never, run_if: "false", config: {resource: files, method: list}}"#,
            with: #"- {name: each, for_each: "body.refs", config: '{"resource": "notes", "method": "get", "id": item}'}"#)
        let plan = try Sample.plan("create", integration: Self.vendor, mapping: mapping)
        let body: JSONValue = ["name": "last", "refs": .array((0..<count).map { .string("r\($0)") })]
        let play = try Play(plan, CallInput(body: body), [])
        #expect(play.sent.count == (isRefused ? 0 : 1))
        guard case .refused(let refusal) = play.outcome else { return #expect(!isRefused) }
        #expect(refusal.parameter == "refs")
        #expect(refusal.message == "V takes them one at a time; one call takes 100 at most")
    }

    @Test(arguments: [("a", false), ("b", true)])
    func `refuses by the definition before anything is sent`(name: String, isRefused: Bool) throws {
        let mapping = Self.mapping.replacing(
            "create:\n", with: "create:\n      refuse: [{if: 'body.name = \"b\"', message: No b here, param: name}]\n")
        let plan = try Sample.plan("create", integration: Self.vendor, mapping: mapping)
        let refusal = try plan.validate(CallInput(body: ["name": .string(name)])).refusal
        #expect((refusal?.message == "No b here") == isRefused)
        #expect(refusal?.parameter == (isRefused ? "name" : nil))
    }

    @Test(arguments: [([], true), (["n"], false)] as [([JSONValue], Bool)])
    func `refuses after its steps what only they show, without the call itself`(found: [JSONValue], isRefused: Bool) throws {
        let mapping = Self.mapping.replacing(
            "create:\n", with: "create:\n      refuse: [{if: '$count(before.handle.refs) = 0', message: None there, param: name}]\n")
        let plan = try Sample.plan("create", integration: Self.vendor, mapping: mapping)
        let input = CallInput(body: ["name": "a"])
        #expect(try plan.validate(input).refusal == nil)
        let play = try Play(plan, input, [ProviderResponse(status: 200, json: ["ref": "r", "refs": .array(found)])])
        #expect(play.sent == ["GET /notes/a"] + (isRefused ? [] : ["POST /files/r"]))
        guard isRefused else { return }
        guard case .refused(let refusal) = play.outcome else {
            Issue.record("\(String(describing: play.outcome))")
            return
        }
        #expect(refusal.message == "None there")
    }

    /// What a condition reads, and what was sent before the refusal: `look` reads, `stored` and `last` write.
    @Test(arguments: [
        ("before.look.ref = 'r'", ["GET /notes/a"]), ("before.stored.ref = 'r'", ["GET /notes/a", "POST /files/1"]),
        ("before.look.ref = 'r' and before.left.ref ? false : true", ["GET /notes/a", "POST /files/1"]),
        ("$count($keys(before)) = 3", ["GET /notes/a", "POST /files/1", "POST /files/2"]),
        ("before.unknown ? false : true", ["GET /notes/a", "POST /files/1", "POST /files/2"]),
    ])
    func `refuses as soon as what a refusal reads is there, before a step that writes`(condition: String, sent: [String]) throws {
        let mapping = """
            resources:
              things:
                create:
                  refuse: [{if: "\(condition)", message: No}]
                  resource: files
                  query_mapping: "{}"
                  before:
                    - {name: look, config: '{"resource": "notes", "method": "get", "id": body.name}'}
                    - {name: stored, config: '{"resource": "files", "method": "put", "query": {"n": 1}}'}
                    - {name: left, run_if: "false", config: '{"resource": "files", "method": "put", "query": {"n": 2}}'}
                    - {name: last, config: '{"resource": "files", "method": "put", "query": {"n": 2}}'}
            """
        let vendor = Self.vendor.replacing("    create:", with: "    put: {method: post, path: \"/files/{{query.n}}\"}\n    create:")
        let plan = try Sample.plan("create", integration: vendor, mapping: mapping)
        let response = ProviderResponse(status: 200, json: ["ref": "r"])
        let play = try Play(plan, CallInput(body: ["name": "a"]), [response, response, response, response])
        #expect(play.sent == sent)
        guard case .refused? = play.outcome else {
            Issue.record("\(String(describing: play.outcome))")
            return
        }
    }

    @Test(arguments: [
        ("refuse: [{if: 'true', message: No, param: nam}]", "refuse.0.param: the call has no parameter 'nam' (did you mean 'name'?)"),
        (
            "before: [{name: up, for_each: body.refs, config: '{\"resource\": \"things\", \"method\": \"create\", \"body\": body.file}'}]",
            "before.0.for_each: the file is a stream, and can be sent once"
        ),
    ])
    func `lint follows what a mapping refuses and repeats`(key: String, fault: String) {
        let mapping = Sample.mapping.replacing("create:\n", with: "create:\n      \(key)\n")
        let faults = CatalogLint.run(Sample.catalog(mapping: mapping)).faults.map(\.description)
        #expect(faults.contains { $0.hasSuffix(fault) }, "\(faults)")
    }
}
