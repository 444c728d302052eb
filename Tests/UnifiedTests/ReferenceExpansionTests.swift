import JSON
import Testing

@testable import Unified

/// docs/wire.md#expansion.
@Suite struct ReferenceExpansionTests {
    private typealias Key = ReferenceExpansion.Key

    private static let expansion = ReferenceExpansion(fields: [
        ReferenceField(name: "candidate", resource: "candidates"),
        ReferenceField(
            name: "stage", resource: "stages", needs: [[("application_id", .field("application")), ("job_id", .field("job"))]]),
        ReferenceField(name: "interviewers", resource: "users"), ReferenceField(name: "organizer", resource: "users"),
    ])

    private func json(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }

    @Test func `each record is fetched once, in the order in which it is referred to`() throws {
        let records = [
            try json(#"{"id":"1","organizer":{"id":"u2"},"interviewers":[{"id":"u1"},{"id":"u2"},{"id":"u1"}],"candidate":{"id":"c1"}}"#),
            try json(#"{"id":"2","candidate":{"id":"c1"},"interviewers":[{"id":"u3"}]}"#),
            try json(#"{"id":"3","candidate":{"id":"u1"}}"#),
        ]
        let keys = Self.expansion.fetches(for: records).map(\.key)
        #expect(
            keys == [
                Key(resource: "candidates", id: "c1"), Key(resource: "users", id: "u1"), Key(resource: "users", id: "u2"),
                Key(resource: "users", id: "u3"), Key(resource: "candidates", id: "u1"),
            ])
    }

    @Test(arguments: [
        "{}", #"{"candidate":null}"#, #"{"candidate":{}}"#, #"{"candidate":{"id":""}}"#, #"{"candidate":{"id":null}}"#,
        #"{"candidate":"c1"}"#, #"{"interviewers":[]}"#, #"{"interviewers":[null,{"name":"Ada"}]}"#, "null",
    ])
    func `what has no id refers to nothing and stays as it is`(text: String) throws {
        let record = try json(text)
        #expect(Self.expansion.fetches(for: [record]).isEmpty)
        #expect(Self.expansion.filled(record, with: [Key(resource: "candidates", id: "c1"): ["id": "c1"]]).text() == text)
    }

    @Test(arguments: [
        (#"{"stage":{"id":"s"},"job":{"id":"j"},"application":{"id":"a"}}"#, #"{"application_id":"a"}"#),
        (#"{"stage":{"id":"s"},"job":{"id":"j"},"application":{"id":null}}"#, #"{"job_id":"j"}"#),
        (#"{"stage":{"id":"s"}}"#, "{}"),
    ])
    func `a get is given the first parameter of a group that the record says`(record: String, query: String) throws {
        let fetch = try #require(Self.expansion.fetches(for: [try json(record)]).first)
        #expect(JSONValue.object(fetch.query).text() == query)
    }

    @Test func `parameters come from the caller, the record itself or its other references`() {
        let owner = ReferenceField.Referrer(
            resource: "candidates", references: [("applications", "applications"), ("job", "jobs")])
        let target = ReferenceField.Referrer(
            resource: "applications", references: [("candidate", "candidates"), ("job", "jobs")])
        let field = ReferenceField(
            "applications", of: owner, to: target,
            required: [["candidate_id"], ["job_id"], ["organization_id"], ["nothing_id", "expires_in"]], query: ["organization_id": "o"])
        #expect(
            JSONValue.object(field.query(for: ["id": "c", "job": ["id": "j"]])).text()
                == #"{"candidate_id":"c","job_id":"j","organization_id":"o"}"#)
    }

    @Test func `references are filled, and keep what the record does not say`() throws {
        let found: [Key: JSONValue] = [
            Key(resource: "candidates", id: "c1"): try json(#"{"id":"c1","name":"Ada","title":null,"company":null}"#),
            Key(resource: "users", id: "u1"): try json(#"{"id":"u1","name":"Bea"}"#),
        ]
        let record = try json(
            #"{"big":12345678901234567890,"candidate":{"id":"c1","name":"A.","title":"Dr"},"interviewers":[{"id":"u2"},{"id":"u1"}],"end":1}"#
        )
        #expect(
            Self.expansion.filled(record, with: found).text()
                == #"{"big":12345678901234567890,"candidate":{"id":"c1","name":"Ada","title":"Dr","company":null},"#
                + #""interviewers":[{"id":"u2"},{"id":"u1","name":"Bea"}],"end":1}"#)
    }

    @Test(arguments: [
        (#"{"result":[{"n":1},{"n":2}],"next_cursor":"x"}"#, true, #"{"result":[{"n":1,"m":0},{"n":2,"m":0}],"next_cursor":"x"}"#, 2),
        (#"{"result":{"a":{"n":1}},"next_cursor":null}"#, true, #"{"result":{"a":{"n":1,"m":0}},"next_cursor":null}"#, 1),
        (#"{"result":[]}"#, true, #"{"result":[]}"#, 0), (#"{"id":"1"}"#, false, #"{"id":"1","m":0}"#, 1),
    ])
    func `records are found in lists, keyed lists and gets`(text: String, isList: Bool, changed: String, count: Int) throws {
        let document = try json(text)
        #expect(ReferenceExpansion.records(of: document, isList: isList).count == count)
        let mapped = ReferenceExpansion.mapRecords(of: document, isList: isList) { record in
            var object = record.object ?? [:]
            object["m"] = 0
            return .object(object)
        }
        #expect(mapped.text() == changed)
    }

    @Test(
        arguments: [
            ([], [], 6), ([1000], [], 6), ([2], [], 4), ([1000, 2], [], 4), ([1 / 3], [], 1), ([1000], [3, 10], 3), ([1000], [1], 1),
        ] as [([Double], [Int], Int)])
    func `as many calls at a time as have their turn in two seconds`(rates: [Double], places: [Int], width: Int) {
        #expect(ReferenceFetcher.width(rates: rates, places: places, longestWait: .seconds(2)) == width)
    }
}
