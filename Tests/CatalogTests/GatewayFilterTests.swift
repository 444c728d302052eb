import JSON
import Testing

@testable import Catalog

/// What a list does with parameters that its provider cannot filter by (docs/definitions.md, Parameters).
@Suite struct GatewayFilterTests {
    private static let model = """
        label: Things
        resources:
          things:
            schema:
              type: object
              properties:
                id: {type: string}
                name: {type: string}
                created_at: {type: string, format: date-time}
                owner: {type: object, properties: {id: {type: string}}}
                places: {type: array, items: {type: object, properties: {id: {type: string}}}}
                emails: {type: array, items: {type: object, properties: {email: {type: string}}}}
            methods:
              list:
                query:
                  name: ~
                  created_at: ~
                  emails: {type: object}
                  owner_id: {type: string}
                  place_id: {type: string, field: places.id}
                  word: {type: string}
                  other: {type: string}
        """

    private static let vendor = """
        label: V
        base_url: https://a.test
        pagination: {format: cursor, config: {cursor_path: next, cursor_param: after}}
        resources:
          things: {list: {path: /things, response_path: data}}
        """

    private static let mapping = """
        resources:
          things:
            list:
              query_mapping: '{"q": query.word}'
              gateway_filters: [name, created_at, emails, owner_id, place_id]
        """

    private static func plan() throws -> MethodPlan {
        try Sample.catalog(model: model, integration: vendor, mapping: mapping)
            .plan(model: "demo", resource: "things", method: "list", integration: "vendor")
    }

    private static let ada: JSONValue = [
        "id": "1", "name": "Ada", "created_at": "2026-01-02T03:04:05.000Z", "owner": ["id": "o1"],
        "places": [["id": "p1"], ["id": "P2"]], "emails": [["email": "Ada@example.com"], ["email": "a@example.com"]],
    ]

    private static func page(_ records: [JSONValue], next: String? = nil) -> ProviderResponse {
        ProviderResponse(status: 200, json: ["data": .array(records), "next": next.map(JSONValue.string) ?? .null])
    }

    @Test(
        arguments: [
            (["name": "ada"], true), (["name": "Grace"], false), (["name": ["Grace", "Ada"]], true),
            (["created_at": "2026-01-02T04:04:05+01:00"], true), (["created_at": ["gte": "2026-01-02T03:04:05Z"]], true),
            (["created_at": ["gt": "2026-01-02T03:04:05Z"]], false), (["created_at": ["lt": "2026-01-02T03:04:06Z"]], true),
            (["created_at": ["gte": "2026-01-01T00:00:00Z", "lte": "2026-01-02T00:00:00Z"]], false),
            (["emails": ["email": "A@EXAMPLE.COM"]], true), (["emails": ["email": "b@example.com"]], false),
            (["owner_id": "o1"], true), (["owner_id": "O1"], false),
            (["place_id": "P2"], true), (["place_id": "p2"], false), (["name": "ada", "place_id": "p3"], false),
        ] as [(JSONObject, Bool)])
    func `a record passes where its field matches`(query: JSONObject, passes: Bool) throws {
        let play = try Play(Self.plan(), CallInput(query: query), [Self.page([Self.ada])])
        #expect(play.ids == (passes ? ["1"] : []))
    }

    @Test func `a record without the field does not pass`() throws {
        let play = try Play(Self.plan(), CallInput(query: ["name": "Ada"]), [Self.page([["id": "2"]])])
        #expect(play.ids == [])
        #expect(play.page?.filteredBy == ["name"])
    }

    @Test func `pages without a match are read on, up to a bound, and the cursor goes on from there`() throws {
        let none = (1...40).map { Self.page([["id": "2", "name": "Grace"]], next: "c\($0)") }
        let found = try Play(Self.plan(), CallInput(query: ["name": "Ada"]), none.prefix(3) + [Self.page([Self.ada], next: "d")])
        #expect(found.sent.count == 4 && found.ids == ["1"])
        #expect(found.page?.nextCursor != nil && found.page?.isPartial == false)
        let ended = try Play(Self.plan(), CallInput(query: ["name": "Ada"]), none)
        #expect(ended.sent.count == FilteredPaging.maxPages && ended.ids == [])
        #expect(ended.page?.nextCursor != nil && ended.page?.isPartial == true)
    }

    /// Pages whose records are named by their letters.
    private static func pages(_ texts: [String]) -> [ProviderResponse] {
        texts.enumerated().map { page, text in
            let records = text.enumerated().map { at, letter in
                JSONValue.object(["id": .string("\(page)\(at)"), "name": .string(String(letter))])
            }
            return Self.page(records, next: page + 1 < texts.count ? "c\(page + 1)" : nil)
        }
    }

    private static func ofA(_ texts: [String], from: Int = 0, limit: Int?, cursor: String? = nil) throws -> Play {
        try Play(plan(), CallInput(query: ["name": "a"], limit: limit, cursor: cursor), Array(pages(texts)[from...]))
    }

    @Test func `a list is read on until it has as many records as were asked for`() throws {
        let play = try Self.ofA(["ba", "bb", "aa", "aa"], limit: 2)
        #expect(play.sent.count == 3 && play.ids == ["01", "20"])
        #expect(play.page?.filteredBy == ["name"] && play.page?.isPartial == false)
    }

    @Test func `no record is lost or given twice where a page is cut`() throws {
        let texts = ["ba", "bb", "aaaa", "ab"]
        let first = try Self.ofA(texts, limit: 2)
        let second = try Self.ofA(texts, from: 2, limit: 2, cursor: first.page?.nextCursor)
        let third = try Self.ofA(texts, from: 2, limit: 2, cursor: second.page?.nextCursor)
        #expect([first.ids, second.ids, third.ids] == [["01", "20"], ["21", "22"], ["23", "30"]])
        #expect(third.page?.nextCursor == nil)
    }

    @Test func `without a limit a response is as long as the provider's first page, and no page is cut`() throws {
        let play = try Self.ofA(["abb", "aaa", "aaa"], limit: nil)
        #expect(play.sent.count == 2 && play.ids == ["00", "10", "11", "12"])
    }

    @Test func `a call that is out of time ends with what it has`() throws {
        var machine = try CallMachine(Self.plan(), CallInput(query: ["name": "a"], limit: 2))
        _ = try machine.start()
        machine.mayReadOn = false
        guard case .finished(.page(let page)) = try machine.received(Self.page([["id": "1", "name": "a"]], next: "c")) else {
            return #expect(Bool(false), "it read on")
        }
        #expect(page.isPartial && page.nextCursor != nil && page.records.count == 1)
    }

    @Test func `what a list is the same for any of is taken`() throws {
        let mapping = "resources: {things: {list: {query_mapping: '{}', same_for_any: [owner_id]}}}"
        let plan = try Sample.catalog(model: Self.model, integration: Self.vendor, mapping: mapping)
            .plan(model: "demo", resource: "things", method: "list", integration: "vendor")
        #expect(try plan.validate(CallInput(query: ["owner_id": "1"])).unsupportedFilter == nil)
        #expect(try plan.validate(CallInput(query: ["place_id": "1"])).unsupportedFilter?.name == "place_id")
    }

    @Test(
        arguments: [
            (["emails": ["type": "work"]], "emails[type]"), (["emails": ["email": "a@a.test"]], nil),
            (["created_at": ["gte": "2026-01-01"]], nil), (["created_at": ["lt": "2026-01-01"]], "created_at[lt]"),
            (["created_at": "2026-01-01"], "created_at[lte]"),
        ] as [(JSONObject, String?)])
    func `members that nothing reads are refused by name`(query: JSONObject, refused: String?) throws {
        let model = Self.model.replacing(
            "emails: {type: object}", with: "emails: {type: object, properties: {email: {type: string}, type: {type: string}}}")
        let mapping = #"resources: {things: {list: {query_mapping: '{"e": query.emails.email, "since": query.created_at.gte}'}}}"#
        let plan = try Sample.catalog(model: model, integration: Self.vendor, mapping: mapping)
            .plan(model: "demo", resource: "things", method: "list", integration: "vendor")
        #expect(try plan.validate(CallInput(query: query)).unsupportedFilter?.name == refused)
    }

    @Test func `what only the response mapping reads narrows nothing`() throws {
        let mapping = #"resources: {things: {list: {query_mapping: '{"q": query.word}', response_mapping: '{"id": rawQuery.other}'}}}"#
        let plan = try Sample.catalog(model: Self.model, integration: Self.vendor, mapping: mapping)
            .plan(model: "demo", resource: "things", method: "list", integration: "vendor")
        #expect(plan.filters?.supported == ["word"])
    }

    @Test(
        arguments: [
            (["word": "x"], nil), (["name": "x"], nil), (["other": "x"], "other"), (["other": ""], nil), ([:], nil),
        ] as [(JSONObject, String?)])
    func `a filter is the provider's, the gateway's, or refused`(query: JSONObject, refused: String?) throws {
        let plan = try Self.plan()
        let validation = try plan.validate(CallInput(query: query))
        #expect(validation.unsupportedFilter?.name == refused)
        #expect(plan.filters?.supported == ["word", "name", "created_at", "emails", "owner_id", "place_id"])
    }
}
