import Catalog
import JSON
import Testing

struct `Parts that must come before the file` {
    static func read(_ create: String) throws -> Set<String>? {
        try Sample.plan("create", mapping: "resources: {things: {create: \(create)}}").bodyMembersRead
    }

    @Test func `are those that the mappings of the request read`() throws {
        let read = try Self.read(
            "{query_mapping: '{\"a\": body.owner.id, \"b\": body.job_id}', request_body_mapping: '{\"file\": body.file}', "
                + "response_mapping: '{\"id\": body.later}'}"
        )
        #expect(read == ["file", "owner", "job_id"])
    }

    @Test func `include what steps and defaults name`() throws {
        let read = try Self.read(
            "{request_body_mapping: '{}', default_query: {a: \"{{body.kind}}\"}, "
                + "before: [{name: s, run_if: 'body.flag', config: {resource: things, id: \"{{body.x.y}}\"}}]}"
        )
        #expect(read == ["file", "kind", "flag", "x"])
    }

    @Test func `are all of them where the body is forwarded or used whole`() throws {
        #expect(try Self.read("{}") == nil)
        #expect(try Self.read("{request_body_mapping: '{}', default_query: {a: \"{{body:json}}\"}}") == nil)
    }

    @Test func `of Lever's create are the candidate and the application`() throws {
        let plan = try Catalog.builtIn().plan(model: "ats", resource: "attachments", method: "create", integration: "lever")
        #expect(
            plan.bodyMembersRead == [
                "file", "candidate", "candidate_id", "candidate.id", "application", "application_id", "application.id",
            ]
        )
    }

    static let expressions: [(String, Set<String>?)] = [
        ("body.a.b", ["a"]), ("query.body.a", []), ("body.`x y`", ["x y"]), ("body", nil), ("$keys(body)", nil), ("$$", nil),
        ("[body.a, body.b][$ != \"\"][0]", ["a", "b"]), ("{\"x\": body.file}", ["file"]), ("((", nil),
    ]

    @Test(arguments: expressions)
    func `are found in an expression, or all where it cannot be told`(source: String, expected: Set<String>?) throws {
        let mapping = "resources: {things: {create: {request_body_mapping: '{}', query_mapping: \(JSONValue.string(source).text())}}}"
        let read = try Sample.plan("create", mapping: mapping).bodyMembersRead
        #expect(read == expected.map { $0.union(["file"]) })
    }

    static let sizes: [(String, Bool)] = [
        ("{request_body_mapping: '{\"file\": body.file}'}", false), ("{request_body_mapping: '{\"n\": body.file.name}'}", false),
        ("{request_body_mapping: '{\"n\": body.file.size}'}", true),
        ("{request_body_mapping: '($f := body.file; {\"n\": $f.size, \"f\": $f})'}", true),
        ("{request_body_mapping: '{\"n\": body.size, \"f\": body.file.name}'}", false),
        ("{request_body_mapping: '{}', response_mapping: '{\"id\": body.file.size}'}", false),
        ("{request_body_mapping: '{}', before: [{name: s, config: {resource: things, body: {n: \"{{body.file.size:any}}\"}}}]}", true),
        (
            "{request_body_mapping: '{}', before: [{name: s, config: '{\"resource\": \"things\", \"body\": {\"n\": body.file.size}}'}]}",
            true
        ),
    ]

    @Test(arguments: sizes) func `are the file's size too, where what is sent says it`(create: String, reads: Bool) throws {
        let plan = try Sample.plan("create", mapping: "resources: {things: {create: \(create)}}")
        #expect(plan.readsFileSize == reads)
    }

    @Test(arguments: [("ashby", true), ("lever", false), ("greenhouse", false)])
    func `are the size for the vendors that want it first`(vendor: String, reads: Bool) throws {
        let plan = try Catalog.builtIn().plan(model: "ats", resource: "attachments", method: "create", integration: vendor)
        #expect(plan.readsFileSize == reads)
    }
}
