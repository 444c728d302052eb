import Foundation
@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing
/// What a mapping written by a user may not do: take the process down.
@Suite struct GuardTests {
    private func code(_ source: String, _ limits: EvaluationLimits = .standard) -> String? {
        do throws(JSONataError) {
            _ = try Expression(source).evaluate(nil, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `endless tail calls are stopped by the clock and need no memory`() {
        let limits = EvaluationLimits(milliseconds: 200, memory: 1 << 24)
        #expect(code("($f := function($n){$f($n + 1)}; $f(0))", limits) == "D1012")
        #expect(code("($f := function($n){($m := $n + 1; $f($m))}; $f(0))", limits) == "D1012")
    }

    @Test func `endless recursion is stopped by depth`() {
        #expect(code("($f := function($n){1 + $f($n)}; $f(0))") == "D1011")
    }

    @Test func `recursion of 1,500 calls works`() throws {
        let sum = try Expression("($f := function($n){$n = 0 ? 0 : $n + $f($n - 1)}; $f(1500))").evaluate(nil)
        #expect(sum == 1_125_750)
    }

    @Test func `a long tail-recursive loop works`() throws {
        let sum = try Expression("($f := function($n, $a){$n = 0 ? $a : $f($n - 1, $a + $n)}; $f(100000, 0))").evaluate(nil)
        #expect(sum == 5_000_050_000)
    }

    @Test(arguments: [
        "$reduce([1..60], function($a,$b){$a & $a}, \"xxxxxxxx\")", "$pad(\"x\", 1e15)", "$map([1..1000000], function($i){[1..1000]})",
    ]) func `growth is stopped by the memory limit`(source: String) {
        #expect(code(source, EvaluationLimits(memory: 1 << 26)) == "D1013")
    }

    @Test func `a tail call out of a function without variables leaves those around it alone`() throws {
        let source = "($x := 5; $f := function($v){$v}; $a := $map([1,2,3], function(){$f($x)}); $b := [1].($y := 7; $y); $a & $b & $x)"
        #expect(try Expression(source).evaluate(nil) == "[5,5,5]75")
    }

    @Test func `long sequences are stopped`() {
        #expect(code("$map([1..1000], function($i){$i})", EvaluationLimits(sequence: 100)) == "D2015")
    }

    static let deep: [String] = [
        String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000),
        String(repeating: "{\"a\":", count: 100_000), String(repeating: "-", count: 100_000) + "1",
        String(repeating: "1+", count: 100_000) + "1", String(repeating: "a.", count: 100_000) + "a",
        String(repeating: "a[", count: 100_000), String(repeating: "function(){", count: 100_000),
        String(repeating: "a?", count: 100_000) + "1", String(repeating: "$f(", count: 100_000),
        String(repeating: "a?:", count: 100_000) + "1", String(repeating: "(", count: 40) + "a" + String(repeating: " ?? b)", count: 40),
        String(repeating: "a~>", count: 100_000) + "b", String(repeating: "|", count: 100_000),
    ]

    @Test(arguments: deep.indices) func `nesting 100,000 deep is an error and no crash`(index: Int) {
        #expect(throws: JSONataError.self) { _ = try Expression(Self.deep[index]).evaluate(nil) }
    }

    static let deepValues: [String] = [
        "$reduce([1..100000], function($a,$b){[[$a]]}, [])", "$string($reduce([1..100000], function($a,$b){{\"a\":$a}}, {}))",
        "($x := $reduce([1..100000], function($a,$b){{\"a\":$a}}, {}); $y := $reduce([1..100000], function($a,$b){{\"a\":$a}}, {}); $x = $y)",
        "$count($reduce([1..100000], function($a,$b){{\"a\":$a}}, {}).**)", "$boolean($reduce([1..100000], function($a,$b){[[$a]]}, []))",
    ]

    /// ThreadSanitizer's own frames do not fit into so small a stack.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ATTACHE_SANITIZER"] != "thread"), arguments: deepValues)
    func `values that nest deep do not overflow a small stack`(source: String) {
        let outcome = SmallStack.run { () -> Bool in
            do throws(JSONataError) {
                _ = try Expression(source).evaluate(nil)
            } catch {
                return error.code.hasPrefix("D")
            }
            return true
        }
        #expect(outcome == true)
    }

    @Test func `deep recursion works from a thread with 512 kB of stack`() {
        let outcome = SmallStack.run { () -> JSONValue? in
            try? Expression("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(1500))").evaluate(nil)
        }
        #expect(outcome == 1500)
    }

    @Test func `one expression serves many threads`() async throws {
        let expression = try Expression("$sum(items.{\"v\": n * 2}.v) & $join($map(items, function($i){$string($i.n)}))")
        let input: JSONValue = ["items": .array((0..<50).map { ["n": .number(JSONNumber($0))] })]
        let expected = try expression.evaluate(input)
        try await withThrowingTaskGroup(of: JSONValue?.self) { group in
            for _ in 0..<64 { group.addTask { try expression.evaluate(input) } }
            for try await result in group { #expect(result == expected) }
        }
    }
}
