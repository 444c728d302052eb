import Catalog
import Testing

struct `Parts that must come before the file` {
    static func read(_ create: String) throws -> Set<String>? {
        try Sample.plan("create", mapping: "resources: {things: {create: \(create)}}").bodyMembersRead()
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
        let plan = try Catalog().plan(model: "ats", resource: "attachments", method: "create", integration: "lever")
        #expect(
            try plan.bodyMembersRead() == ["file", "candidate", "candidate_id", "application", "application_id"]
        )
    }
}
