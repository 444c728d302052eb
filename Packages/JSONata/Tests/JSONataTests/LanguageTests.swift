@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

/// The language by example: an expression, its input, and the result as JSON text; nil is undefined.
@Suite struct LanguageTests {
    static let document = #"""
        {"name":"Ada","age":36,"tags":["x","y","x"],"one":["only"],"empty":[],"nested":[[1,2],[3]],"none":null,
         "address":{"city":"London","zip":"N1"},"orders":[
          {"id":1,"total":20.5,"lines":[{"sku":"a","n":2},{"sku":"b","n":1}]},
          {"id":2,"total":7,"lines":[{"sku":"a","n":5}]}]}
        """#

    static let cases: [(String, String?)] = [
        // Paths
        ("name", #""Ada""#), ("missing", nil), ("address.city", #""London""#), ("orders.id", "[1,2]"),
        ("orders.lines.sku", #"["a","b","a"]"#), ("one", #"["only"]"#), ("empty", "[]"), ("empty.x", nil),
        ("orders[0].lines.n", "[2,1]"), ("orders[-1].id", "2"), ("orders[id=2].total", "7"), ("orders[total>100]", nil),
        ("tags[[0,2]]", #"["x","x"]"#), ("orders[0].lines.sku[0]", #"["a","b"]"#), ("(orders.lines.sku)[0]", #""a""#),
        ("address.*", #"["London","N1"]"#), ("**.sku", #"["a","b","a"]"#), ("nested.$", "[1,2,3]"),
        ("one.$uppercase($)", #""ONLY""#), ("name[]", #"["Ada"]"#), ("orders[id=2].id[]", "[2]"), ("empty[]", "[]"),
        ("missing[]", nil), ("`name`", #""Ada""#), ("\"name\"", #""name""#), ("orders.(id * 2)", "[2,4]"),
        // Bindings along a path
        ("orders#$i.{\"at\":$i,\"id\":id}", #"[{"at":0,"id":1},{"at":1,"id":2}]"#),
        ("orders@$o.lines.{\"order\":$o.id,\"sku\":sku}", nil),
        ("orders.lines.{\"order\":%.id,\"sku\":sku}", #"[{"order":1,"sku":"a"},{"order":1,"sku":"b"},{"order":2,"sku":"a"}]"#),
        // Constructors, grouping, order
        ("orders.lines{sku: $sum(n)}", #"{"a":7,"b":1}"#), ("orders^(>total).id", "[1,2]"), ("orders^(total).id", "[2,1]"),
        ("[1..3]", "[1,2,3]"), ("[1,[2],3..4]", "[1,[2],3,4]"), ("{\"a\":missing,\"b\":1}", #"{"b":1}"#),
        ("{\"2\":1,\"1\":2}", #"{"1":2,"2":1}"#), ("tags ~> $distinct()", #"["x","y"]"#),
        // Operators
        ("age > 30 and name = \"Ada\"", "true"), ("missing = 1", "false"), ("missing != 1", "false"),
        ("\"x\" in tags", "true"), ("age & \"!\"", #""36!""#), ("missing & \"\"", #""""#), ("1 + missing", nil),
        ("7 % 4", "3"), ("-age", "-36"), ("missing ?: \"d\"", #""d""#), ("none ?? 1", "null"), ("missing ?? 1", "1"),
        ("[1,2,3][1] ?: 9", "2"), ("age = 36 ? \"a\" : \"b\"", #""a""#), ("missing ? 1", nil), ("[1,2] = [1,2]", "true"),
        ("{\"a\":1,\"b\":2} = {\"b\":2,\"a\":1}", "true"), ("\"a\" < \"b\"", "true"),
        // Functions as values
        ("$map([1,2,3], function($v,$i){$v*$i})", "[0,2,6]"), ("$filter([1,2,3], function($v){$v>1})", "[2,3]"),
        ("$reduce([1,2,3], function($a,$b){$a+$b})", "6"), ("($f := $substring(?,0,2); $f(\"hello\"))", #""he""#),
        ("[1,2,3] ~> $map($string)", #"["1","2","3"]"#), ("(λ($x){$x+1} ~> λ($x){$x*2})(3)", "8"),
        ("($add := function($x){function($y){$x+$y}}; $add(2)(3))", "5"),
        ("[1,2].(function($x){$x})($)", "[1,2]"), ("$map([1,2], function($x){function(){$x}}).$()", "[1,2]"),
        ("($fs := $map([1,2,3], function($x){{\"f\": function(){$x}}}); $fs[1].f())", "2"),
        ("($n := 1; ($n := 2; $n) + $n)", "3"), ("($f := function(){$g()}; $g := function(){7}; $f())", "7"),
        ("$each(address, function($v,$k){$k & \"=\" & $v})", #"["city=London","zip=N1"]"#),
        ("$sift(address, function($v,$k){$k = \"zip\"})", #"{"zip":"N1"}"#),
        ("$sort([3,1,2], function($a,$b){$a<$b})", "[3,2,1]"), ("$single([1,2,3], function($v){$v=2})", "2"),
        ("$ ~> |address|{\"city\":\"Paris\"},[\"zip\"]| ~> $lookup(\"address\")", #"{"city":"Paris"}"#),
        ("$eval(\"age + 1\")", "37"), ("($x := 5; $eval(\"$x + 1\"))", "6"), ("/* c */ 1", "1"),
        // Strings and numbers
        ("$length(\"😀é\")", "2"), ("$substring(\"😀abc\", 1, 2)", #""ab""#), ("$uppercase(\"straße\")", #""STRASSE""#),
        ("$lowercase(\"ΣΑΣ\")", #""σας""#), ("$split(\"a1b2\", /\\d/)", #"["a","b",""]"#),
        ("$replace(\"John Smith\", /(\\w+)\\s(\\w+)/, \"$2, $1\")", #""Smith, John""#), ("$contains(\"abc\", /B/i)", "true"),
        ("$match(\"ab12\", /([a-z])(\\d)/).groups", #"["b","1"]"#), ("$pad(\"x\", -3, \"-+\")", #""-+x""#),
        ("$join([\"a\",\"b\"], \"-\")", #""a-b""#), ("$trim(\"  a \\n b \")", #""a b""#), ("$string(1/3)", #""0.333333333333333""#),
        ("$string({\"a\":[1,null]})", #""{\"a\":[1,null]}""#), ("$number(\"0x1F\")", "31"), ("$round(2.5)", "2"),
        ("$formatNumber(1234.5, \"#,##0.00\")", #""1,234.50""#), ("$formatInteger(4, \"w\")", #""four""#),
        ("$fromMillis(0)", #""1970-01-01T00:00:00.000Z""#), ("$toMillis(\"1970-01-01T00:00:01Z\")", "1000"),
        ("$fromMillis(86400000, \"[Y0001]-[M01]-[D01]\")", #""1970-01-02""#), ("$base64encode(\"é\")", #""6Q==""#),
        ("$encodeUrlComponent(\"a b/ü\")", #""a%20b%2F%C3%BC""#), ("$type(none)", #""null""#), ("$keys(address)", #"["city","zip"]"#),
        ("$merge([{\"a\":1},{\"a\":2,\"b\":3}])", #"{"a":2,"b":3}"#), ("$zip([1,2],[3,4])", "[[1,3],[2,4]]"),
        ("$append(1, [2])", "[1,2]"), ("$exists(missing)", "false"), ("$not(0)", "true"), ("$max([1,3,2])", "3"),
    ]

    @Test(arguments: cases) func `expressions mean what the documentation says`(source: String, expected: String?) throws {
        let input = try JSONValue.parse(Self.document)
        let result = try Expression(source).evaluate(input)
        switch source {
        case "orders@$o.lines.{\"order\":$o.id,\"sku\":sku}":
            // `@` keeps the context where it was, so `lines` is looked for in the document.
            #expect(result == nil)
        default: #expect(result?.text() == expected)
        }
    }

    static let faults: [(String, String)] = [
        ("1 +", "S0207"), ("[1,2", "S0203"), ("\"abc", "S0101"), ("a b", "S0201"), ("x := 1", "S0212"), ("%", "S0217"),
        ("@ a", "S0211"), ("a@b", "S0214"), ("/abc", "S0302"), ("\"\\q\"", "S0103"), ("1e999", "S0102"), ("`a", "S0105"),
        ("/* a", "S0106"), ("a{b:1}[0]{c:1}", "S0210"), ("function(x){1}", "S0208"), ("a.1", "S0213"),
        ("\"a\" + 1", "T2001"), ("1 + \"a\"", "T2002"), ("1 < \"a\"", "T2009"), ("true < 1", "T2010"), ("$foo()", "T1006"),
        ("sum(1)", "T1005"), ("$sum(\"a\")", "T0412"), ("$uppercase(1)", "T0410"), ("{1:2}", "T1003"), ("1 ~> 2", "T2006"),
        ("{\"a\":1,\"a\":2}", "D1009"), ("[1..1e8]", "D2014"), ("$number(\"x\")", "D3030"), ("$error(\"no\")", "D3137"),
        ("$replace(\"aa\", /a*?/, \"b\")", "D1004"), ("$eval(\"1 +\")", "D3120"), ("1/0 + 1", "D1001"), ("$sqrt(-1)", "D3060"),
    ]

    @Test(arguments: faults) func `faults have the language's codes`(source: String, code: String) {
        do throws(JSONataError) {
            let result = try Expression(source).evaluate(.object(["a": 1]))
            Issue.record("gave \(String(describing: result))")
        } catch {
            #expect(error.code == code, "\(error)")
        }
    }

    @Test func `a fault tells where it is`() throws {
        do throws(JSONataError) {
            _ = try Expression("foo ) bar")
            Issue.record("compiled")
        } catch {
            #expect(error.code == "S0201")
            #expect(error.position == 5)
            #expect(error.token == ")")
        }
    }

    static let diagnoses: [(String, [String])] = [
        ("a.b", []), ("[1, 2", ["S0203 5"]), ("a[", ["S0203 2", "S0207 2"]), ("1 +", ["S0207 3"]), (") + 1", ["S0211 1", "S0207 5"]),
        ("1 := 2", ["S0212 1", "S0206"]), ("function(x){1}", ["S0208 10", "S0202", "S0211", "S0203 14"]),
        ("{\"a\": }", ["S0211 7", "S0203 7"]),
        ("a b c", ["S0201 3"]), ("a ~ b", ["S0204 3"]), ("(a; \"b", ["S0101 6"]), ("a.%.%", ["S0217 1"]), ("a ~> /(/", ["S0302 8"]),
    ]

    @Test(arguments: diagnoses) func `the parser goes on behind a fault`(source: String, faults: [String]) {
        let found = Expression.diagnose(source).map { fault in fault.code + (fault.position.map { " \($0)" } ?? "") }
        #expect(found == faults)
    }

    @Test func `bindings are variables and hide functions`() throws {
        #expect(try Expression("$x.y").evaluate(nil, bindings: ["x": ["y": 2]]) == 2)
        #expect(try Expression("$sum").evaluate(nil, bindings: ["sum": "mine"]) == "mine")
    }

    @Test func `long integers pass through unchanged`() throws {
        let input = try JSONValue.parse(#"{"id":12345678901234567890,"n":1.50}"#)
        #expect(
            try Expression(#"{"id":id,"n":n,"s":$string(id)}"#).evaluate(input)?.text()
                == #"{"id":12345678901234567890,"n":1.50,"s":"12345678901234567890"}"#)
    }

    @Test func `host functions are called with friendly values`() throws {
        var library = FunctionLibrary.standard
        library.add("double", signature: "<n-:n>") { arguments in
            guard let number = arguments[0]?.double else { return nil }
            return .number(JSONNumber(number * 2))
        }
        #expect(try Expression("[1,2].$double()", library: library).evaluate(nil) == [2, 4])
    }

    static let reads: [(String, Set<String>?)] = [
        ("body.candidate.id", ["candidate"]), ("body.a & body.b.c", ["a", "b"]), ("query.x", []), ("body", nil),
        ("$$.body.a", ["a"]), ("$$", nil), ("*", nil), ("{\"x\": body.a, \"y\": $uppercase(body.b)}", ["a", "b"]),
        ("$eval(\"body\")", nil), ("body.{\"x\": a}", ["a"]), ("body[a=1].b", ["a", "b"]),
        ("$map(body.list, function($v){$v.x})", ["list"]),
        ("body.$keys()", nil), ("body ? 1 : 2", nil), ("(body.file; body.name)", ["file", "name"]), ("body.*", nil),
        ("$lookup(body, \"x\")", nil), ("body.name ~> $trim()", ["name"]), ("$now()", []), ("$flatten(query)#$i.{\"a\": $}", []),
        ("($x := [{\"k\": body.a}][k]; $merge([$x#$at.{k: $at}]))", ["a"]), ("body@$b.x", nil), ("body.list@$l.name", ["list", "name"]),
        ("($b := body; $b.x & $b.y.z)", ["x", "y"]), ("($b := body; $b)", nil), ("($b := body; $keys($b))", nil),
        ("($b := body; $b := query; $b.x)", nil), ("($b := body; function($b){$b.x}(query))", nil), ("($b := body; 1)", []),
        ("($b := $merge([body.a, body.c]); $b.x)", ["a", "c"]), ("($f := function(){$b.x}; $b := body; $f())", nil),
        ("($b := $$.body; (($c := $b.a; $c.d); $b.e))", ["a", "e"]), ("(($b := body); $b.x)", ["x"]),
        ("($b := body.list; $b#$i.{\"n\": name, \"at\": $i})", ["list"]), ("($b := body ? body : query; $b.x)", nil),
    ]

    static let inputReads: [(String, Set<String>?)] = [
        ("body.a & query.b", ["body", "query"]), ("body ? 1 : $now()", ["body"]), ("$$.body", ["body"]), ("1", []),
        ("$map(body, function($v){$v & id})", ["body", "id"]), ("$sort(a, function($l, $r){b})", ["a", "b"]), ("$exists(id)", ["id"]),
        ("body.list@$l.name[$l.id = $$.id]", ["body", "id"]), ("$f(body)", ["body"]), ("[id]", ["id"]),
        ("($x := $; $x.body)", ["body"]), ("$lookup($, \"body\")", nil), ("$.*", nil), ("$keys()", nil), ("body.(%.id)", nil),
        ("$each(body, function($v, $k){$$[$k]})", nil), ("$ ~> |a|{\"b\": c}|", nil), ("$ = 1", nil),
    ]

    @Test(arguments: inputReads)
    func `members of the input that are read are known or not told`(source: String, members: Set<String>?) throws {
        #expect(try Expression(source).membersRead == members)
    }

    static let innerReads: [(String, Set<String>?)] = [
        ("query.emails.email", ["email"]), ("query.emails", nil), ("query.emails ? 1", nil), ("query.tags.id", []), ("query", nil),
        ("query.emails[type = \"work\"].email", ["type", "email"]), ("{\"a\": $firstNonEmpty(query.emails.email, query.name)}", ["email"]),
        ("query.(emails.email)", ["email"]), ("($q := query.emails; $q.email)", ["email"]),
        ("($q := query; $q.emails.email)", ["email"]), ("($q := query.emails; $q)", nil),
    ]

    @Test(arguments: innerReads) func `members of members read are known or not told`(source: String, members: Set<String>?) throws {
        #expect(try Expression(source).membersRead(of: "query", in: "emails") == members)
    }

    @Test(arguments: reads) func `members read are known or not told`(source: String, members: Set<String>?) throws {
        #expect(try Expression(source).membersRead(of: "body") == members)
    }
}
