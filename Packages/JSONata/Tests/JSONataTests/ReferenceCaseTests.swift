@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

/// Expressions on which this library and jsonata-js 2.2.2 differed. Those marked `ours` still do: the library's
/// documentation lists them.
@Suite struct ReferenceCaseTests {
    enum Outcome: Sendable {
        case value(JSONValue)
        case nothing
        case error(String)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var expression: String
        var data: JSONValue?
        var outcome: Outcome
        var testDescription: String { expression }

        init(_ expression: String, _ data: JSONValue? = nil, _ outcome: Outcome) {
            self.expression = expression
            self.data = data
            self.outcome = outcome
        }

        init(_ expression: String, _ data: JSONValue? = nil, _ json: String) {
            // The rows are constants, and the test reads each of them.
            self.init(expression, data, .value((try? JSONValue.parse(json)) ?? .string("no JSON: \(json)")))
        }
    }

    static let asReference: [Row] = [
        Row(#"$map([{"a":1},{"b":2}], $keys)"#, nil, #"[["a"],["b"]]"#),
        Row(#"[{"a":1},{}] ~> $map($keys)"#, nil, #"[["a"],[]]"#),
        Row(#"$map([{"a":1},{"b":2}], $spread)"#, nil, #"[[{"a":1}],[{"b":2}]]"#),
        Row(#"$each({"a":{"x":1},"b":{"y":1}}, $keys)"#, nil, #"[["x"],["y"]]"#),
        Row(#"$map([[{"a":1},{"a":2}],[{"a":3}]], $lookup(?,"a"))"#, nil, "[[1,2],[3]]"),
        Row(#"$map(["a"], $match(?, /a/))"#, nil, #"[{"match":"a","index":0,"groups":[]}]"#),
        Row("$map([1], function($x){$each(missing, function($v){$v})})", nil, "[]"),
        Row(#"{"a":1} ~> |$|{"k":"a"},k|"#, nil, #"{"k":"a"}"#),
        Row(
            #"Account ~> |Order|{"Product":"blah"},*|"#,
            [
                "Account": [
                    "Account Name": "Firefly",
                    "Order": [
                        ["OrderID": "order103", "Product": [["p": 1]]], ["OrderID": "order104", "Product": [["p": 2]]],
                    ],
                ]
            ],
            #"{"Account Name":"Firefly","Order":[{"OrderID":"order103","Product":"blah"},{"OrderID":"order104","Product":"blah"}]}"#
        ),
        Row(#"missing#$i{"k": "v"}"#, nil, "{}"),
        Row(#"a.%.x{"k": 1}"#, ["a": [["b": 1]]], "{}"),
        Row(#"items@$x.missing{"k": 1}"#, ["items": [1, 2]], "{}"),
        Row("[*].$sift(λ($v){$v.Postcode})", ["s": "Fred", "Address": ["a": ["Postcode": "x"]]], .error("T0411")),
        Row(##"$formatNumber(98765432109.87,"#,##0.000000")"##, nil, #""98,765,432,109.869995""#),
        Row(##"$formatNumber(123456789*86.58,"#0.######")"##, nil, #""10688888791.620001""#),
        Row(###"$formatNumber(0.1+0.2,"0.##################")"###, nil, #""0.300000000000000044""#),
        Row("$map([1],function(){$map([2],function(){$keys()})})", ["a": 1, "b": 2], #"[["a","b"]]"#),
        Row(#"$fromMillis(1230757500000, "[Z010101t]", "bye")"#, nil, .error("D3134")),
        Row(#"$parseInteger("one trillion and one", "a")"#, nil, "1.1912635027724297e+28"),
        Row("Price[0[5]]", ["Price": [1, 2]], "1"),
        Row(#"($p := $filter(?, function($x){$x != ""}); $p("abc"))"#, nil, #"["a","b","c"]"#),
        Row("($p := $count(?); $p(5))", nil, .nothing),
        Row(#"$keys{}({"a":1})"#, nil, .error("T1006")),
        Row(#"λ($arr, $sep)<a<s[-1]>s?:s>{$join($arr, $sep)}("a", "-")"#, nil, .error("T0412")),
        Row(#"($f := $trim ~> $parseInteger; $f("  1 "))"#, nil, .nothing),
        Row("[1..*].$string()", nil, .error("T2004")),
    ]

    static let ours: [Row] = [
        Row(#"[{"a":1},{"a":2}][0].a"#, nil, "1"),
        Row(#"($x := {"test": 1}; $x ~> |$x|{"test": 2}|; $x)"#, nil, #"{"test":1}"#),
        Row("$formatBase(1e21, 36)", nil, #""5v1j4f4ds7c4ks""#),
        Row(#"$replace("abc", "b", missing)"#, nil, #""ac""#),
        Row(#"$replace("hello", missing)"#, "hello", "\"\""),
        Row(#"$replace("abc","b",function($m){"x"})"#, nil, .error("D3012")),
        Row(#"$fromMillis(1e21, "Hello")"#, nil, .error("D3110")),
        Row(#"$fromMillis(1531310400000, "[Y]-[M01]", "[Y]")"#, nil, .error("D3143")),
        Row(#"$fromMillis(0, "[H]", "")"#, nil, .error("D3143")),
        Row(#"$now("[H]", "Z")"#, nil, .error("D3143")),
        Row(##"$formatNumber($power(123456.789 * 1e3, 2), "$#,##0.00")"##, nil, #""$15,241,578,750,190,524.00""#),
        Row(#"($p := $contains(?, "a"); $p(["a"]))"#, nil, .error("T0410")),
        Row("$string(5, ?)", nil, #""""#),
        Row(#"($gcd := function($a,$b){$b=0 ? $a : $gcd($b,$a%$b){"a":$}}; $gcd(8,12))"#, nil, #"{"a":{"a":{"a":4}}}"#),
    ]

    @Test(arguments: asReference + ours) func `gives what is written`(row: Row) {
        let outcome: Outcome
        do throws(JSONataError) {
            let value = try Expression(row.expression).evaluate(row.data)
            outcome = value.map { .value($0) } ?? .nothing
        } catch {
            outcome = .error(error.code)
        }
        switch (outcome, row.outcome) {
        case (.value(let value), .value(let expected)): #expect(value == expected)
        case (.error(let code), .error(let expected)): #expect(code == expected)
        case (.nothing, .nothing): break
        default: Issue.record("\(outcome) instead of \(row.outcome)")
        }
    }
}
