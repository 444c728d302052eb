import Catalog
import JSON
import Testing

struct `Pages of a provider` {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var pagination: String
        var cursor: String?
        var query: [String]
        var headers: [String] = []
        var answer: ProviderAnswer
        var next: String?

        var testDescription: String { name }
    }

    static let two: JSONValue = [["id": 1], ["id": 2]]

    static let cases: [Case] = [
        Case(
            name: "page, first", pagination: "{format: page, config: {page_param: p, limit_param: n}}", query: ["n=2", "p=1"],
            answer: ProviderAnswer(status: 200, json: two), next: "2"
        ),
        Case(
            name: "page, from zero", pagination: "{format: page, config: {page_key: p, limit_key: n, first_page: 0}}",
            query: ["n=2", "p=0"], answer: ProviderAnswer(status: 200, json: two), next: "1"
        ),
        Case(
            name: "page, last", pagination: "{format: page, config: {page_param: p, limit_param: n}}", cursor: "4",
            query: ["n=2", "p=4"], answer: ProviderAnswer(status: 200, json: [["id": 1]]), next: nil
        ),
        Case(
            name: "offset", pagination: "{format: offset, config: {offset_param: o, limit_param: n}}", cursor: "6",
            query: ["n=2", "o=6"], answer: ProviderAnswer(status: 200, json: two), next: "8"
        ),
        Case(
            name: "link header", pagination: "{format: link_header, config: {limit_param: n}}", query: ["n=2"],
            answer: ProviderAnswer(
                status: 200,
                headers: [("link", "<https://a.test/x?p=1>; rel=\"prev\", <https://b.test/x?p=3&z=%20>; rel=\"next\"")], json: two
            ), next: "p=3&z=%20"
        ),
        Case(
            name: "link header, going on", pagination: "{format: link_header, config: {limit_param: n, cursor_only: true}}",
            cursor: "cursor=a%2Bb", query: ["cursor=a+b"], answer: ProviderAnswer(status: 200, json: two), next: nil
        ),
        Case(
            name: "range", pagination: "{format: range, config: {range_unit: items}}", cursor: "2", query: [],
            headers: ["Range: items=2-3"],
            answer: ProviderAnswer(status: 206, headers: [("content-range", "items 2-3/9")], json: two), next: "4"
        ),
        Case(
            name: "range, last", pagination: "{format: range}", cursor: "7", query: [], headers: ["Range: items=7-8"],
            answer: ProviderAnswer(status: 206, headers: [("content-range", "items 7-8/9")], json: two), next: nil
        ),
        Case(
            name: "dynamic",
            pagination: "{format: dynamic, config: {get_initial_pagination_values_expression: '{\"query\": {\"a\": \"1\"}}', "
                + "get_pagination_values_expression: '{\"query\": {\"a\": \"2\"}}'}}",
            query: ["a=1"], answer: ProviderAnswer(status: 200, json: two), next: "{\"query\":{\"a\":\"2\"}}"
        ),
        Case(
            name: "dynamic, going on",
            pagination: "{format: dynamic, config: {get_pagination_values_expression: 'null'}}",
            cursor: "{\"query\":{\"a\":\"2\"}}", query: ["a=2"], answer: ProviderAnswer(status: 200, json: two), next: nil
        ),
    ]

    @Test(arguments: cases)
    func `are asked for and end as the definition says`(page: Case) throws {
        let vendor = "label: V\nbase_url: https://a.test\npagination: \(page.pagination)\nresources: {things: {list: {path: /x}}}"
        let plan = try Sample.plan("list", integration: vendor, mapping: "resources: {things: {list: {query_mapping: '{}'}}}")
        let scope = CallScope(limit: 2, cursor: page.cursor)
        guard case .single(let call) = try plan.route(for: scope) else {
            Issue.record("not one call")
            return
        }
        let request = try RequestBuilder(plan, call).build(scope)
        #expect(request.queryLines == page.query)
        #expect(request.headerLines == page.headers)
        guard case .page(let mapped) = try ResponseMapper(plan, call).map(page.answer, request: request, scope: scope) else {
            Issue.record("a failure")
            return
        }
        #expect(mapped.nextCursor == page.next)
    }

    @Test(arguments: ["page", "offset", "range", "dynamic"])
    func `refuse a cursor of another kind`(format: String) throws {
        let config = format == "dynamic" ? ", config: {get_pagination_values_expression: x}" : ""
        let vendor = "label: V\nbase_url: https://a.test\npagination: {format: \(format)\(config)}\nresources: {things: {list: {path: /x}}}"
        let plan = try Sample.plan("list", integration: vendor, mapping: "resources: {things: {list: {}}}")
        #expect(caught { _ = try Sample.request(plan, CallScope(cursor: "-1")) }?.code == .badCursor)
    }
}
