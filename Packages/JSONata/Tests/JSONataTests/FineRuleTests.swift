@_spi(Engine) import JSON
@_spi(Engine) import JSONata
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
        // A comparator's response is taken as JavaScript takes it.
        ("$sort([1,2,3], function($a,$b){[]})", "[3,2,1]"), ("$sort([1,2,3], function($a,$b){\"\"})", "[1,2,3]"),
        // The text for $eval sees what the steps around it bind.
        ("one@$v.$eval(\"$v.b\")", "7"),
        // A partial application has the parameters of the function, drops arguments beyond them, and is not checked:
        // nothing comes from the context, no single value becomes an array.
        ("($f := λ($x, $y){[$x, $y]}; $f(?)(1, 2))", "[1]"), ("($f := λ($x, $y){[$x, $y]}; $f(?, 2, 3)(1))", "[1,2]"),
        ("($f := λ($x, $y, $z){[$x, $y, $z]}; $f(?, 2, ?)(1, 3))", "[1,2,3]"), ("λ($x)<n:n>{$x}(?)(\"a\")", #""a""#),
        ("($f := λ($x, $y, $z){[$x, $y, $z]}; $g := $f(1, ?, ?); $h := $g(?, 3); $h(2))", "[1,2,3]"),
        ("$sum(?)(missing)", nil), ("$uppercase(?)(missing)", nil), ("$substringBefore(?)(\"abc\")", #""abc""#),
        ("$count(?)([1, \"a\"])", "2"), ("$map(?, λ($x){$x})(5)", nil), ("$abs(?)(\"-2\")", "2"), ("$round(?, 1)(\"1.25\")", "1.2"),
        ("$join(?, \"-\")([1, null, true])", #""1--true""#), ("$pad(?, 3, \"-\", 1)(\"a\")", #""a--""#), ("$each(?, λ($v){$v})(5)", nil),
        ("[1, 2].$lookup(?, \"a\")({\"a\": $})", "[1,2]"),
        // What was ordered is seen as tuples no more, unless a step goes on from them.
        ("a#$i^(>b){c: $i}", "{}"), ("a#$i^(>b){$string($i): b}", "{}"), ("a#$i^(>b).{c: $i}", #"[{"y":1},{"x":0}]"#),
        ("a#$i^(>b)[b = 2]", nil), ("one#$i^(b){\"k\": $i}", #"{"k":0}"#), ("a@$v^(>$v.b){\"k\": v.b}", #"{"k":[2,1]}"#),
        ("a@$v^(>$v.b).($v.c)", #"["y","x"]"#),
        // A constructor that binds the focus does not move either.
        ("[1, 2]@$v.n", "5"), ("[1, 2]@$v.[$v]", nil),
        // A transform copies as JSON text would.
        ("$clone({\"a\": 0.1 + 0.2, \"f\": λ(){1}})", #"{"a":0.3,"f":""}"#),
        ("one ~> |$|{\"s\": 1/3}|", #"[{"b":7,"s":0.3333333333333333}]"#),
        ("($clone := λ($x){$append($x, $x)}; $count(one ~> |$|{}|))", "2"),
        // Half a character is found in a whole one.
        (#"$contains("a😀", "\uDE00")"#, "true"), (#"$substringBefore("a😀b", "\uDE00") & "\uDE01" = "a😁""#, "true"),
        (#"$substringAfter("a😀b", "\uD83D") = "\uDE00b""#, "true"), (#"$replace("a😀😁", "\uD83D", "-") = "a-\uDE00-\uDE01""#, "true"),
        (#"$split("😀b😁", "\uDE00b\uD83D") = ["\uD83D", "\uDE01"]"#, "true"), (#"$replace("😀", "\uDE00", "\uDE01")"#, #""😁""#),
        // `$$` is a variable as others are.
        ("($x := $$.n; $$ := 7; [$x, $$])", "[5,7]"), ("λ($$){$$}(1)", "1"), ("($f := λ(){$$.n}; $$ := 7; $f())", nil),
        // Missing and odd arguments
        ("$substring(\"abc\", missing)", #""abc""#), ("$substring(\"abc\", missing, 1)", #""""#),
        ("$replace(\"abc\", \"x\", λ(){1})", #""abc""#),
        ("$match(\"abc\", $boolean, 0)", nil), ("$replace(\"abc\", $boolean, \"\", 0)", #""abc""#), ("$boolean(0/0)", "false"),
        ("$exists($round(1, 0.5))", "true"), ("$round(1, 0.5) = $round(1, 0.5)", "false"), ("$exists($toMillis(\"2018-13-01\"))", "true"),
        ("[1, 2][0/0]", nil), ("$string([0/0])", #""[null]""#),
        // Pictures
        ("$formatNumber(1234, '#,###,00')", #""123,4,""#), ("$formatNumber(1234567, '#,###,00')", #""12,345,67""#),
        ("$formatNumber(1.23456, '#,##0.0,00,0')", #""1.2,346""#), ("$formatNumber(1e21, '0.0')", #""1e+21.0""#),
        ("$formatNumber(1, '0', {'grouping-separator': '::'})", #""1""#),
        ("$formatInteger(12, '٠;o')", #""١٢th""#), ("$formatInteger(1e21, '0')", #""1e+21""#), ("$formatInteger(12, '#,#.000')", #"".2""#),
        ("$parseInteger('0x1F', '0')", "31"), ("$parseInteger('1.234', '#.##0')", "1"), ("$parseInteger('1,234', '#.##0')", "1234"),
        ("$parseInteger('a', 'A')", "33"), ("$parseInteger('iv', 'i')", "4"), ("$exists($parseInteger('iv', 'I'))", "true"),
        ("$parseInteger('one hundred and two', 'w')", "102"), ("$string([$parseInteger('and', 'w')])", #""[null]""#),
        ("$toMillis('99-1-1', '[Y]-[M]-[D]')", "915148800000"), ("$toMillis('2018-400', '[Y]-[d]')", "1517702400000"),
        ("$toMillis('2018-03-27 12 am', '[Y]-[M]-[D] [h] [P]')", "1522108800000"),
        ("$toMillis('2018-03-27T00:00Z', '[Y]-[M]-[D]T[H]:[m][Z]')", nil),
        ("$toMillis('2,018', '[Y#.##0]')", nil), ("$exists($toMillis('x', '[FNn]'))", "true"),
        ("$fromMillis(1.5, '[f]', '-0100')", #""2""#),
        // A fraction of a second is one: zeros in front count, digits beyond the third do not.
        ("$toMillis('1970-01-01 00:00:00.01987', '[Y]-[M]-[D] [H]:[m]:[s].[f1]')", "19"),
        ("$toMillis('1970-01-01 00:00:00.5', '[Y]-[M]-[D] [H]:[m]:[s].[f]')", "500"),
        ("$formatNumber(1, '#0#')", #""1""#), ("$formatInteger(12, '0a')", #""12a""#),
        ("$fromMillis(0, '[D,*-3] [YWw,2]')", #""1 One Thousand, Nine Hundred and Seventy""#),
    ]

    static let faults: [(String, String, String?)] = [
        // What a missing value is asked may be an error.
        ("missing[$sum(\"a\")]", "T0412", "sum"), ("missing[1 + \"a\"]", "T2002", "+"),
        // The match behind the limit is looked for too.
        ("$match(\"abc\", /x*/, 1)", "D1004", "match"), ("$split(\"abc\", /x*/, 1)", "D1004", "split"),
        ("$replace(\"abc\", /x*/, \"\", 1)", "D1004", "replace"), ("$replace(\"abc\", missing, \"\", -1)", "D3011", "replace"),
        // The right side of `and` and `or` tells its errors as theirs.
        ("true and $sum(\"a\")", "T0412", "and"), ("false or 1 + \"a\"", "T2002", "or"),
        // A transform takes one argument.
        ("$map([{}], |$|{}|)([1])", "T1006", nil), ("(|$|{})(1, 2)", "S0202", nil), ("($t := |$|{}|; $t({}, 1))", "T0410", "t"),
        ("($clone := 1; {} ~> |$|{}|)", "T2013", nil),
        ("$sum(?)(5)", "T0410", nil), ("$sum(?)([\"a\"])", "T0412", nil), ("$uppercase(?)(5)", "T0410", nil),
        ("$error(?)(\"x\")", "D3137", nil),
        ("$assert(?)(0)", "D3141", nil), ("$formatNumber(1, 'x')", "D3086", "formatNumber"),
        ("$formatNumber(1, '0', {'zero-digit': 'a'})", "D3086", nil), ("$formatNumber(1, '')", "D3085", nil),
        ("$string($toMillis(\"2018-13-01\"))", "D3001", "string"), ("0/0 + 1", "T2001", "+"), ("-(0/0)", "D1002", "-"),
        ("$toMillis('TUESDAY 27 mar 18', '[FN] [D] [Mn,3-3] [Y]')", "D3136", "toMillis"), ("$replace(\"aa\", \"a\", λ(){1})", "D3012", nil),
        ("$map([1], λ($x){$x.a.b + \"a\"})", "T2002", "+"),
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

    /// Where an error is told: at the outermost call of a function around it.
    static let places: [(String, Int, String?)] = [
        ("1 + \"a\"", 3, "+"), ("$map([1], λ($x){$x + \"a\"})", 5, "+"), ("($f := λ($x){1 + \"a\"}; 1 + $f(1))", 30, "+"),
        ("λ($x){$x + \"a\"}(1)", 16, "+"), ("1.a", 1, nil), ("true and $sum(\"a\")", 8, "and"), ("{} ~> |$|1|", 10, nil),
        ("$split(\"a\", 1, 2, 3)", 7, "split"), ("[1e3 2]", 6, "2"),
    ]

    @Test(arguments: places) func `errors are told where the reference tells them`(source: String, position: Int, token: String?) {
        do throws(JSONataError) {
            let result = try Expression(source).evaluate(nil)
            Issue.record("\(source) gave \(result?.text() ?? "undefined")")
        } catch {
            #expect(error.position == position, "\(source)")
            #expect(error.token == token, "\(source)")
        }
    }

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
