import Catalog
import JSON
import Testing

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

    @Test func `pages without a match are read on, up to ten, and the cursor goes on from there`() throws {
        let none = (1...20).map { Self.page([["id": "2", "name": "Grace"]], next: "c\($0)") }
        let found = try Play(Self.plan(), CallInput(query: ["name": "Ada"]), none.prefix(3) + [Self.page([Self.ada], next: "d")])
        #expect(found.sent.count == 4 && found.ids == ["1"])
        #expect(found.page?.nextCursor != nil)
        let ended = try Play(Self.plan(), CallInput(query: ["name": "Ada"]), none)
        #expect(ended.sent.count == 11 && ended.ids == [])
        #expect(ended.page?.nextCursor != nil)
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
