@_spi(Engine) import JSON
@_spi(Engine) @testable import JSONata
import Testing

/// Expressions and subjects that took quadratic time or memory, or were not stopped by a limit.
@Suite struct ExpensiveExpressionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var expression: String
        var input: JSONValue?
        /// The result, or the code of the error.
        var expected: JSONValue
        var testDescription: String { String(expression.prefix(100)) }

        init(_ expression: String, _ input: JSONValue? = nil, _ expected: JSONValue) {
            self.expression = expression
            self.input = input
            self.expected = expected
        }
    }

    private static func text(_ unit: String, _ count: Int) -> JSONValue { .string(String(repeating: unit, count: count)) }

    /// Each is within two seconds of processor time: that is the budget they run in.
    static let linear: [Row] = [
        Row("$length($replace($, /<.*?>/, ''))", text("<", 50_000), 50_000),
        Row("$contains($, /.*?b/)", text("a", 100_000), false),
        Row("$contains($, /(.*?)(.*?)c/)", text("a", 1_000), false),
        Row("$contains($, /<.*>/)", text("<", 50_000), false),
        Row("$contains($, /<[^>]*>/)", text("<", 50_000), false),
        Row("$contains($, /\\s+$/)", .string(String(repeating: " ", count: 100_000) + "x"), false),
        Row("$count($match($, /a|<.*?>/))", text("<a", 50_000), 50_000),
        Row("$contains($, $pad('', 200000, 'a') & 'b')", text("a", 1_000_000), false),
        Row("$substringBefore($, $pad('', 200000, 'a') & 'b') = $", text("a", 1_000_000), true),
        Row("$length($replace($, $pad('', 20000, 'a') & 'b', ''))", text("a", 1_000_000), 1_000_000),
        Row("$count($distinct([1..100000].{'a': $, 'b': {'c': [$]}}))", nil, 100_000),
        Row("$count($reduce([1..12000], function($a, $b){$append($a, $b)}, []))", nil, 12_000),
        Row("$count($keys($reduce([1..5000], function($a, $b){$merge([$a, {'k' & $b: $b}])}, {})))", nil, 5_000),
        Row("$length($reduce([1..60000], function($a, $b){$a & $b & ','}, ''))", nil, 348_894),
        Row("($f := function($n, $t){$n = 0 ? $t : $f($n - 1, $t & 'äöü')}; $length($f(60000, '')))", nil, 180_000),
        Row((0..<5000).map { "$ = \($0) ? \($0 * 2) : " }.joined() + "0", 4999, 9998),
        Row((0..<5000).map { "($ = \($0))" }.joined(separator: " or "), 4999, true),
        Row((0..<5000).map { "($ >= \($0))" }.joined(separator: " and "), 5000, true),
        Row("$length(" + (0..<5000).map { "$string(\($0))" }.joined(separator: " & ") + ")", nil, 18_890),
    ]

    @Test(arguments: linear) func `takes linear time and memory`(row: Row) throws {
        let budget = EvaluationBudget(processorMilliseconds: 2_000 * Self.slowness, memory: 256 << 20)
        let result = try Expression(row.expression).evaluate(row.input, budget: budget)
        #expect(result == row.expected)
    }

    /// Unoptimised code is some twenty times slower.
    static let slowness = {
        var debug = 1;
        assert(
            {
                debug = 20; return true
            }());
        return debug
    }()

    static let refused: [Row] = [
        Row("$formatNumber(1, $pad('', 200000, '#'))", nil, "D3142"),
        Row("$formatNumber(1, '#', {'decimal-separator': $pad('', 2000, '.')})", nil, "D3142"),
        Row("$formatInteger(1, $pad('', 200000, '#,'))", nil, "D3142"),
        Row("$parseInteger('1', $pad('', 200000, '#,'))", nil, "D3142"),
        Row("$fromMillis(1, $pad('', 3000000, '[Y]'))", nil, "D3142"),
        Row("$toMillis('1', $pad('', 3000000, '[Y]'))", nil, "D3142"),
        Row("$count($split($pad('', 20000000, 'x'), ''))", nil, "D1013"),
        Row("[1..10000000].[$]", nil, "D1013"),
        Row("$string([1..10000000])", nil, "D1013"),
        Row("$string([1..5000000])", nil, "D1013"),
        Row("[1..5000000]", nil, "D1013"),
        Row("$append([1..8000000], [1..2000000]) ~> $map(function($v){$v})", nil, "D1013"),
    ]

    @Test(arguments: refused) func `is refused`(row: Row) {
        let error = #expect(throws: JSONataError.self) {
            try Expression(row.expression).evaluate(row.input, limits: EvaluationLimits(milliseconds: 60_000, memory: 1 << 27))
        }
        #expect(error?.code == row.expected.string)
    }

    @Test(arguments: [
        "$contains($, /(a+)+b/)", "$contains($, /(.*?)(.*?)(.*?)c/)", "$match($, /(a*)*?(a*)*?c/)",
        "$map([1..10000000], function($v){$contains($$, 'ab')})", "[1..1000000].$replace($$, 'a', 'bb')",
        "[1..1000000].$base64encode($$)", "[1..1000000].$pad('x', 100000, 'ab')", "[1..1000000].$uppercase($$ & 'ä')",
        "[1..1000000].$split($$, 'a')", "[1..1000000].$distinct([1..1000])", "[1..1000000].$sort([1..1000], function($a, $b){$a > $b})",
        "[1..1000000].$encodeUrlComponent($$)", "[1..1000000].$string({'a': $$})", "[1..1000000].($$ = $substring($$ & 'b', 0, 40000))",
    ]) func `ends with the budget`(expression: String) throws {
        let budget = EvaluationBudget(processorMilliseconds: 100, memory: 32 << 20)
        let error = #expect(throws: JSONataError.self) {
            try Expression(expression).evaluate(Self.text("a", 40_000), budget: budget)
        }
        #expect(error?.code == "D1015" || error?.message.contains("regular") == true)
        #expect(budget.processorNanosecondsUsed < 100_000_000 + 200_000_000)
    }
}

/// Growing in place is not to be seen.
@Suite struct GrowingValueTests {
    @Test(arguments: [
        // Two continuations of one list, text or object.
        (
            "($a := $append([1..40], [41]); $b := $append($a, 42); $c := $append($b, 43); $d := $append($b, 44); [$count($b), $c[-1], $d[-1], $b[-1]])",
            "[42,43,44,42]"
        ),
        (
            "($a := $pad('', 400, 'x') & 'a'; $b := $a & 'b'; $c := $b & 'c'; $d := $b & 'd'; [$substring($b, -2), $substring($c, -2), $substring($d, -2)])",
            #"["ab","bc","bd"]"#
        ),
        (
            "($a := $reduce([1..40], function($a, $b){$merge([$a, {'k' & $b: $b}])}, {}); $b := $merge([$a, {'x': 1}]); $c := $merge([$a, {'y': 2}]); $d := $merge([$b, {'x': 3}]); [$count($keys($a)), $exists($a.x), $b.x, $exists($b.y), $c.y, $exists($c.x), $d.x, $count($keys($d))])",
            "[40,false,1,false,2,false,3,41]"
        ),
        (
            "$keys($reduce([1..40], function($a, $b){$merge([$a, {$b % 2 = 0 ? 'k' & $b : $string($b): $b}])}, {}))[[0..2]]",
            #"["1","3","5"]"#
        ),
        (
            "($a := $reduce([1..100], function($a, $b){$append($a, {'n': $b})}, []); $b := $a ~> |$[n = 3]|{'n': 'x'}|; $c := $append($a, 1); [$a[2].n, $b[2].n, $count($c)])",
            #"[3,"x",101]"#
        ),
        ("$count($distinct([1..100].{'a': $ % 7, 'b': [$ % 7]}))", "7"),
        ("$distinct($append([1..20].{'x': 1, 'y': 2}, [1..20].{'y': 2, 'x': 1}))", #"[{"x":1,"y":2}]"#),
    ]) func `values stay as they are`(expression: String, expected: String) throws {
        #expect(try Expression(expression).evaluate(nil)?.text() == expected)
    }
}
