import Catalog
import JSON
import Testing

/// docs/wire.md#responses: what a caller gives and nothing of the definition reads is known, so that it can be told.
@Suite struct UnreadMembersTests {
    private static let model = """
        label: Things
        resources:
          things:
            schema: {type: object, properties: {id: {type: string}}}
            methods:
              create:
                params: {owner_id: {type: string}, place_id: {type: string}}
                query: {mode: {type: string}}
                body:
                  name: {type: string}
                  title: {type: string}
                  stage_id: {type: string}
                  source: {type: object, properties: {id: {type: string}, name: {type: string}}}
                  person: {type: object, properties: {first: {type: string}, last: {type: string}}}
                  remote_data: {type: object}
        """

    struct Row: Sendable, CustomTestStringConvertible {
        var mapping: String
        var body: JSONObject
        var query: JSONObject = [:]
        var unread: [String]
        var testDescription: String { "\(mapping) of \(JSONValue.object(body).text())" }
    }

    private static let plain = "query_mapping: '{}', request_body_mapping: '{\"name\": body.name}'"

    static let rows = [
        Row(mapping: plain, body: ["name": "a", "title": "b", "stage_id": "1"], unread: ["title", "stage_id"]),
        Row(mapping: plain, body: ["name": "a", "title": "", "source": [:]], unread: []),
        // What the model does not know is left alone, and what the gateway reads is read.
        Row(mapping: plain, body: ["name": "a", "colour": "red", "remote_data": ["x": 1]], unread: []),
        Row(mapping: plain, body: ["name": "a"], query: ["mode": "x"], unread: ["mode"]),
        Row(mapping: plain, body: ["owner": ["id": "1"]], query: ["place_id": "2"], unread: ["owner_id", "place_id"]),
        Row(mapping: "query_mapping: '{\"o\": params.owner_id}', request_body_mapping: '{}'", body: ["owner": ["id": "1"]], unread: []),
        Row(mapping: "requires: [owner_id], query_mapping: '{}', request_body_mapping: '{}'", body: ["owner_id": "1"], unread: []),
        Row(
            mapping: "query_mapping: '{}', request_body_mapping: '($b := body; {\"n\": $b.name})'", body: ["title": "b"],
            unread: ["title"]),
        // Where it cannot be told, all may be read.
        Row(mapping: "query_mapping: '{}', request_body_mapping: '$sift(body, function($v) {true})'", body: ["title": "b"], unread: []),
        Row(mapping: "query_mapping: '{}'", body: ["title": "b"], unread: []),
        Row(
            mapping: "request_body_mapping: '{}'", body: ["title": "b", "owner_id": "1"], query: ["mode": "x"], unread: ["title"]),
        Row(
            mapping: "query_mapping: '{}', request_body_mapping: '{\"f\": body.person.first}'",
            body: ["person": ["first": "A", "last": "B"]], unread: ["person[last]"]),
        Row(
            mapping: "query_mapping: '{}', request_body_mapping: '{\"p\": body.person}'",
            body: ["person": ["first": "A", "last": "B"]], unread: []),
        // One member of a reference says what is meant.
        Row(
            mapping: "query_mapping: '{}', request_body_mapping: '{\"s\": body.source.name}'",
            body: ["source": ["id": "1", "name": "B"]], unread: []),
        Row(mapping: "\(plain), refuse: [{if: 'body.title = \"x\"', message: No}]", body: ["title": "b"], unread: []),
        Row(
            mapping: "\(plain), before: [{name: s, config: {resource: things, method: create, body: {t: \"{{body.title}}\"}}}]",
            body: ["title": "b"], unread: []),
        Row(
            mapping: "\(plain), after: "
                + "[{name: s, config: '{\"resource\": \"things\", \"method\": \"create\", \"body\": {\"t\": body.title}}'}]",
            body: ["title": "b"], unread: []),
        Row(mapping: "\(plain), response_mapping: '{\"id\": body.title}'", body: ["title": "b"], unread: ["title"]),
    ]

    @Test(arguments: rows) func `members that nothing reads are named`(row: Row) throws {
        let catalog = Sample.catalog(model: Self.model, mapping: "resources: {things: {create: {\(row.mapping)}}}")
        let plan = try catalog.plan(model: "demo", resource: "things", method: "create", integration: "vendor")
        #expect(plan.unread(body: row.body, query: row.query) == row.unread)
    }

    @Test func `an expression of an override counts too`() throws {
        let override = Overrides(
            version: "1",
            mappings: ["demo": ["things": ["create": ["request_body_mapping": "{\"t\": body.title}"]]]])
        let catalog = Sample.catalog(model: Self.model, mapping: "resources: {things: {create: {\(Self.plain)}}}")
        let plan = try catalog.plan(
            model: "demo", resource: "things", method: "create", integration: "vendor", environmentOverrides: override,
            accountOverrides: nil)
        #expect(plan.unread(body: ["name": "a", "title": "b"], query: [:]) == ["name"])
    }
}
