import Catalog
import HTTPTypes
import JSON
import Testing

struct `Pages of a provider` {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var pagination: String
        var cursor: String?
        var query: [String]
        var headers: [String] = []
        /// As JSON text; nil: not looked at.
        var body: String?
        var path = "/x"
        var method = "get"
        var response: ProviderResponse
        var next: String?

        var testDescription: String { name }
    }

    static let two: JSONValue = [["id": 1], ["id": 2]]

    static let cases: [Case] = [
        Case(
            name: "page, first", pagination: "{format: page, config: {page_param: p, limit_param: n}}", query: ["n=2", "p=1"],
            response: ProviderResponse(status: 200, json: two), next: "2"
        ),
        Case(
            name: "page, from zero", pagination: "{format: page, config: {page_key: p, limit_key: n, first_page: 0}}",
            query: ["n=2", "p=0"], response: ProviderResponse(status: 200, json: two), next: "1"
        ),
        Case(
            name: "page, last", pagination: "{format: page, config: {page_param: p, limit_param: n}}", cursor: "4",
            query: ["n=2", "p=4"], response: ProviderResponse(status: 200, json: [["id": 1]]), next: nil
        ),
        Case(
            name: "offset", pagination: "{format: offset, config: {offset_param: o, limit_param: n}}", cursor: "6",
            query: ["n=2", "o=6"], response: ProviderResponse(status: 200, json: two), next: "8"
        ),
        Case(
            name: "link header", pagination: "{format: link_header, config: {limit_param: n}}", query: ["n=2"],
            response: ProviderResponse(
                status: 200,
                headers: [HTTPField.Name("Link")!: "<https://a.test/x?p=1>; rel=\"prev\", <https://b.test/x?p=3&z=%20>; rel=\"next\""],
                json: two
            ), next: "p=3&z=%20"
        ),
        Case(
            name: "link header, going on", pagination: "{format: link_header, config: {limit_param: n, cursor_only: true}}",
            cursor: "cursor=a%2Bb", query: ["cursor=a+b"], response: ProviderResponse(status: 200, json: two), next: nil
        ),
        Case(
            name: "range", pagination: "{format: range, config: {range_unit: items}}", cursor: "2", query: [],
            headers: ["Range: items=2-3"],
            response: ProviderResponse(status: 206, headers: [.contentRange: "items 2-3/9"], json: two), next: "4"
        ),
        Case(
            name: "range, last", pagination: "{format: range}", cursor: "7", query: [], headers: ["Range: items=7-8"],
            response: ProviderResponse(status: 206, headers: [.contentRange: "items 7-8/9"], json: two), next: nil
        ),
        Case(
            name: "page, counted by the response", pagination: "{format: page, config: {more_expression: '$page < pages'}}",
            cursor: "2", query: ["page=2"], response: ProviderResponse(status: 200, json: ["pages": 3]), next: "3"
        ),
        Case(
            name: "page, counted to its end", pagination: "{format: page, config: {more_expression: '$page < pages and $limit = 2'}}",
            cursor: "3", query: ["page=3"], response: ProviderResponse(status: 200, json: ["pages": 3]), next: nil
        ),
        Case(
            name: "page, in the body", pagination: "{format: page, config: {page_in: body, page_param: p, limit_param: n}}",
            query: [], body: "{\"n\":2,\"p\":1}", method: "post", response: ProviderResponse(status: 200, json: two), next: "2"
        ),
        Case(
            name: "page, in the path", pagination: "{format: page, config: {page_in: path, limit_param: n}}", cursor: "4",
            query: ["n=2"], path: "/x/{{pagination.page}}", response: ProviderResponse(status: 200, json: two), next: "5"
        ),
        Case(
            name: "offset, in the body", pagination: "{format: offset, config: {offset_in: body}}", cursor: "4", query: [],
            body: "{\"offset\":4}", method: "post", response: ProviderResponse(status: 200, json: two), next: "6"
        ),
        Case(
            name: "cursor, in the path", pagination: "{format: cursor, config: {cursor_path: c, cursor_in: path}}", cursor: "k",
            query: [], path: "/x/{{pagination.cursor?:first}}", response: ProviderResponse(status: 200, json: ["c": "l"]), next: "l"
        ),
        Case(
            name: "next address", pagination: "{format: next_url, config: {next_path: links.next, limit_param: n}}",
            query: ["n=2"], response: ProviderResponse(status: 200, json: ["links": ["next": "https://A.test/x?p=2&n=2#f"]]),
            next: "p=2&n=2"
        ),
        Case(
            name: "next address, relative", pagination: "{format: next_url, config: {next_path: next, limit_param: n}}",
            cursor: "p=2", query: ["p=2"], response: ProviderResponse(status: 200, json: ["next": "/x?p=3"]), next: "p=3"
        ),
        Case(
            name: "next address, at the end", pagination: "{format: next_url, config: {next_path: next}}",
            query: [], response: ProviderResponse(status: 200, json: ["next": nil]), next: nil
        ),
        Case(
            name: "dynamic",
            pagination: "{format: dynamic, config: {get_initial_pagination_values_expression: '{\"query\": {\"a\": \"1\"}}', "
                + "get_pagination_values_expression: '{\"query\": {\"a\": \"2\"}}'}}",
            query: ["a=1"], response: ProviderResponse(status: 200, json: two), next: "{\"query\":{\"a\":\"2\"}}"
        ),
        Case(
            name: "dynamic, going on",
            pagination: "{format: dynamic, config: {get_pagination_values_expression: 'null'}}",
            cursor: "{\"query\":{\"a\":\"2\"}}", query: ["a=2"], response: ProviderResponse(status: 200, json: two), next: nil
        ),
    ]

    @Test(arguments: cases)
    func `are asked for and end as the definition says`(page: Case) throws {
        let vendor =
            "label: V\nbase_url: https://a.test\npagination: \(page.pagination)\nresources: {things: {list: {path: \"\(page.path)\", method: \(page.method)}}}"
        let plan = try Sample.plan("list", integration: vendor, mapping: "resources: {things: {list: {query_mapping: '{}'}}}")
        let scope = CallInput(limit: 2, cursor: page.cursor)
        guard case .single(let call) = try plan.route(for: scope) else {
            Issue.record("not one call")
            return
        }
        let request = try RequestBuilder(plan, call).build(scope)
        #expect(request.queryLines == page.query)
        #expect(request.headerLines == page.headers)
        if let body = page.body { #expect(request.mappedBody?.text() == body) }
        if page.path.contains("{") { #expect(request.url.hasSuffix("/x/" + (page.cursor ?? ""))) }
        guard case .page(let mapped) = try ResponseMapper(plan, call).map(page.response, request: request, scope: scope) else {
            Issue.record("a failure")
            return
        }
        #expect(mapped.nextCursor == page.next)
    }

    @Test func `never lead to another host, nor give the caller a key`() throws {
        let vendor = """
            label: V
            base_url: https://a.test
            authorization: {format: query, config: {query: {api_key: k}}}
            pagination: {format: next_url, config: {next_path: next}}
            resources: {things: {list: {path: /x}}}
            """
        let plan = try Sample.plan("list", integration: vendor, mapping: "resources: {things: {list: {query_mapping: '{}'}}}")
        func next(_ address: String) throws -> String? {
            let play = try Play(plan, CallInput(), [ProviderResponse(status: 200, json: ["next": .string(address)])])
            return try play.page?.nextCursor.map { try SourceCursor($0).cursor ?? "" }
        }
        #expect(try next("https://a.test/x?api_key=k&p=2") == "p=2")
        for address in ["https://b.test/x?p=2", "//b.test/x?p=2", "https://a.test@b.test/x?p=2", "https://a.test:444/x?p=2"] {
            #expect(caught { _ = try next(address) }?.code == .badResponse, "\(address)")
        }
    }

    @Test(arguments: ["page", "offset", "range", "dynamic"])
    func `refuse a cursor of another kind`(format: String) throws {
        let config = format == "dynamic" ? ", config: {get_pagination_values_expression: x}" : ""
        let vendor = "label: V\nbase_url: https://a.test\npagination: {format: \(format)\(config)}\nresources: {things: {list: {path: /x}}}"
        let plan = try Sample.plan("list", integration: vendor, mapping: "resources: {things: {list: {}}}")
        #expect(caught { _ = try Sample.request(plan, CallInput(cursor: "-1")) }?.code == .badCursor)
    }
}
