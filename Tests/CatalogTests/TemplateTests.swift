import Catalog
import JSON
import Testing

struct `Placeholders` {
    static let scope = TemplateContext(
        roots: [
            "id": "42", "query": ["a": "x", "n": "7.5px", "empty": ""],
            "body": ["on": true, "list": ["p", "q"], "file": ["$file": "t"], "none": nil, "count": 3],
        ],
        context: ["subdomain": "acme", "oauth": ["token": ["access_token": "s"]], "json": "{\"k\":[1]}"]
    )

    static let values: [(String, JSONValue?)] = [
        ("{{id}}", "42"), ("{{body.count}}", "3"), ("{{body.count:int}}", 3), ("{{body.count:any}}", 3),
        ("{{query.n:int}}", 7), ("{{query.n:num}}", 7.5), ("{{query.a:int}}", "x"), ("{{body.on}}", "true"),
        ("{{body.on:bool}}", true), ("{{body.on:any}}", true), ("{{json:json}}", ["k": [1]]),
        ("{{body.list:json}}", ["p", "q"]), ("{{body.list.1}}", "q"), ("{{body.list.2}}", nil),
        ("{{body.file}}", ["$file": "t"]), ("{{body.none}}", .null), ("{{missing}}", nil), ("{{missing:null}}", .null),
        ("{{missing:undefined}}", nil), ("{{missing|query.a}}", "x"), ("{{query.a|id}}", "x"),
        ("{{missing?:dflt}}", "dflt"), ("{{missing?:5:int}}", 5), ("{{missing?:09:30}}", "09:30"),
        ("{{query.a?:dflt}}", "x"), ("{{query.empty}}", ""), ("{{query.empty:ignore-empty-str}}", nil),
        ("{{subdomain}}", "acme"), ("{{context.subdomain}}", "acme"), ("{{credentials.oauth.token.access_token}}", "s"),
        ("{{oauth.token.access_token}}", "s"), ("{{ id }}", "42"), ("a-{{id}}-{{query.a}}", "a-42-x"),
        ("{{not a placeholder!}}", "{{not a placeholder!}}"), ("plain", "plain"), ("{{", "{{"), ("", ""),
        ("v{{missing:undefined}}", "v"),
    ]

    @Test(arguments: values)
    func `resolve to the value of the table`(text: String, expected: JSONValue?) throws {
        #expect(try JSONTemplate(.string(text)).resolve(Self.scope) == expected)
    }

    @Test(arguments: ["{{id:integer}}", "{{id:}}", "{{|:int}}"])
    func `with an unknown type or no path are refused`(text: String) {
        #expect(throws: TemplateError.self) { try Template(text) }
    }

    @Test func `with a misspelt type are told the right one`() {
        let error = #expect(throws: TemplateError.self) { try Template("{{id:bol}}") }
        #expect(error?.description == "{{id:bol}}: 'bol' is no type (did you mean 'bool'?)")
    }

    @Test func `without a value inside a text are an error naming them`() {
        let error = caught { _ = try JSONTemplate("a-{{query.nope}}").resolve(Self.scope) }
        #expect(error?.code == .unresolvedPlaceholder)
        #expect(error?.placeholder == "query.nope")
    }

    @Test func `without a value drop the member they stand for`() throws {
        let tree = try JSONTemplate(["keep": "{{id}}", "drop": "{{nope}}", "list": ["{{nope}}", "{{id}}"]])
        #expect(try tree.resolve(Self.scope) == ["keep": "42", "list": ["42"]])
    }

    @Test func `of a merge go into the parent, arrays appended`() throws {
        let tree = try JSONTemplate(["k": [0], "$truto_merge": ["{{json:json}}", ["more": 1]]])
        #expect(try tree.resolve(Self.scope) == ["k": [0, 1], "more": 1])
    }
}
