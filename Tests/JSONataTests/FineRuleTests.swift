import JSON
import JSONata
import Testing

/// Rules that few expressions meet, as the reference has them; nil is undefined.
@Suite struct FineRuleTests {
    static let input = #"{"a":[{"b":1,"c":"x"},{"b":2,"c":"y"}],"one":[{"b":7}],"n":5,"mixed":[1,"x",{"k":2}]}"#

    static let cases: [(String, String?)] = [
        // A predicate keeps an item once for each number that names its position.
        ("a.b[[0,0]]", "[1,1,2,2]"), ("(a.b)[[0,0,-1]]", "[1,1,2]"), ("(a.b)[[0..1]]", "[1,2]"), ("(a.b)[[]]", nil),
        // Unary minus on a literal leaves its predicate.
        ("-1[missing]", nil), ("-1[0]", "-1"),
        // Later terms of an order-by are evaluated for equal items only.
        ("a^(b, {}).b", "[1,2]"), ("one^(b)[].b", "[7]"), ("one^(b)[]", #"[{"b":7}]"#),
        // A grouping of nothing is an empty object, also behind steps that bind.
        ("missing@$v{\"k\": $}", "{}"), ("missing.x@$v{\"k\": $}", "{}"),
        // Items of a constructor do not see what their siblings bind; what comes after does.
        ("[$x := 1, $x]", "[1]"), ("([$x := 1, $x]; $x)", "1"), ("($x := 0; [$x := 1, $x])", "[1,0]"),
        ("($x := 0; {\"a\": $x := 1, \"b\": $x})", #"{"a":1,"b":0}"#), ("[($x := 1; $x), 2]", "[1,2]"),
        ("($x := 0; [[$x := 1, 5], $x]; $x)", "1"),
        // A regular expression reads what it is applied to as JavaScript would turn it into a string.
        ("(5 ~> /5/).match", #""5""#), ("(missing ~> /u/).match", #""u""#), ("mixed[$ ~> /^[1x]/]", #"[1,"x"]"#),
        ("([1,2] ~> /1,2/).match", #""1,2""#), ("missing[$ ~> /x/]", nil),
        // As a callback it takes the position as where to start.
        ("$filter([\"ab\",\"ab\"], /a/)", #""ab""#),
        // A comparator's answer is taken as JavaScript takes it.
        ("$sort([1,2,3], function($a,$b){[]})", "[3,2,1]"), ("$sort([1,2,3], function($a,$b){\"\"})", "[1,2,3]"),
        // The text for $eval sees what the steps around it bind.
        ("one@$v.$eval(\"$v.b\")", "7"),
        // Pictures
        ("$formatNumber(1, '#0#')", #""1""#), ("$formatInteger(12, '0a')", #""12a""#),
        ("$fromMillis(0, '[D,*-3] [YWw,2]')", #""001 One Thousand, Nine Hundred and Seventy""#),
    ]

    static let faults: [(String, String, String?)] = [
        // What a missing value is asked may be an error.
        ("missing[$sum(\"a\")]", "T0412", "sum"), ("missing[1 + \"a\"]", "T2002", "+"),
        // The match behind the limit is looked for too.
        ("$match(\"abc\", /x*/, 1)", "D1004", "match"), ("$split(\"abc\", /x*/, 1)", "D1004", "split"),
        ("$replace(\"abc\", /x*/, \"\", 1)", "D1004", "replace"), ("$replace(\"abc\", missing, \"\", -1)", "D3011", "replace"),
        // A library function that is called by another has its own name.
        ("[\"a\"] ~> $map($floor)", "T0410", "floor"), ("\"a\" ~> $floor", "T0410", "floor"),
        // There is no context for a function that another one calls.
        ("\"x\" ~> $substringBefore", "T0411", "substringBefore"),
        // Item types are of the plain ones.
        ("λ($x)<a<x>>{$x}([1])", "T0412", nil), ("λ($x)<a<n>>{$x}(\"1\")", "T0412", nil),
        ("$formatNumber(1, '0.0e')", "D3093", "formatNumber"), ("$fromMillis(0, '[DN]')", "D3133", "fromMillis"),
        ("$fromMillis(0, '[q]')", "D3132", "fromMillis"), ("$toMillis('2020-5 1', '[Y]-[d] [H]')", "D3136", "toMillis"),
        ("$toMillis('2020 Foo 1', '[Y] [MNn] [D]')", "D3136", "toMillis"),
    ]

    @Test(arguments: cases) func `fine rules are the reference's`(source: String, expected: String?) throws {
        let result = try Expression(source).evaluate(try JSONValue.parse(Self.input))
        #expect(result?.text() == expected, "\(source)")
    }

    @Test(arguments: faults) func `errors name the function that raised them`(source: String, code: String, token: String?) {
        do throws(JSONataError) {
            let result = try Expression(source).evaluate(nil)
            Issue.record("\(source) gave \(result?.text() ?? "undefined")")
        } catch {
            #expect(error.code == code, "\(source)")
            if let token { #expect(error.token == token, "\(source)") }
        }
    }
}
