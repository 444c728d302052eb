import Foundation
@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

/// Expressions made up from a seed: whatever they are, they give a value or an error, soon.
///
/// `script/fuzz` goes on for an hour from a seed of its own.
@Suite struct FuzzTests {
    static let input: JSONValue = [
        "a": [["b": 1, "c": "x"], ["b": 2, "c": "yé"], ["b": nil, "d": [1, [2, [3]]]]], "s": "hello 😀", "n": 3.5, "e": [],
        "o": ["k": "v", "10": 1, "2": [true, false]],
    ]

    @Test func `made-up expressions give a value or an error`() {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["ATTACHE_FUZZ_SECONDS"].flatMap(Double.init)
        let seed = environment["ATTACHE_FUZZ_SEED"].flatMap { UInt64($0) } ?? (seconds == nil ? 7 : .random(in: 0 ... .max))
        if seconds != nil { print("expressions: seed \(seed)") }
        var generator = ExpressionGenerator(seed: seed)
        let end = Date().addingTimeInterval(seconds ?? 0)
        let limits = EvaluationLimits(depth: 500, milliseconds: 2000, sequence: 100_000, memory: 1 << 26, output: 1 << 22)
        var evaluated = 0
        defer { if seconds != nil { print("expressions: \(evaluated) gave a value") } }
        repeat {
            for _ in 0..<1500 {
                let source = generator.expression()
                do throws(JSONataError) {
                    let expression = try Expression(source)
                    _ = expression.membersRead(of: "a")
                    let first = try expression.evaluate(Self.input, limits: limits)
                    evaluated += 1
                    // The second time finds warm look-ups; the value must be the same.
                    if !["$shuffle", "$random", "$now", "$millis", "$toMillis"].contains(where: source.contains) {
                        let second = try expression.evaluate(Self.input, limits: limits)
                        if first?.text() != second?.text() { Issue.record("gives two values: \(source)") }
                    }
                } catch {
                    if error.code.isEmpty { Issue.record("an error without a code: \(source)") }
                }
            }
        } while Date() < end
        #expect(evaluated > 100)
    }
}

/// Random expressions of the language's grammar, now and then with a character changed.
struct ExpressionGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(sides))
    }

    private mutating func pick(_ choices: [String]) -> String { choices[roll(choices.count)] }

    mutating func expression() -> String {
        var text = node(4)
        if roll(5) == 0, !text.isEmpty {
            var characters = Array(text)
            let at = roll(characters.count)
            switch roll(3) {
            case 0: characters.remove(at: at)
            case 1:
                characters.insert(
                    contentsOf: pick(["(", ")", "[", "]", "{", ".", "%", "@$v", "#$i", "^(", "~>", "/", "\"", "`", ":=", "?"]), at: at)
            default: characters[at] = Character(pick(["$", "*", "|", ",", ";", "😀", "\\", "-", "0"]))
            }
            text = String(characters)
        }
        return text
    }

    private static let functions = [
        "sum", "count", "max", "min", "average", "string", "length", "substring", "substringBefore", "substringAfter",
        "lowercase", "uppercase", "trim", "pad", "contains", "split", "join", "match", "replace", "number", "abs", "floor",
        "ceil", "round", "power", "sqrt", "boolean", "not", "exists", "keys", "lookup", "append", "merge", "spread", "each",
        "sift", "map", "filter", "reduce", "single", "sort", "reverse", "distinct", "shuffle", "zip", "type", "eval",
        "formatNumber", "formatInteger", "parseInteger", "formatBase", "fromMillis", "toMillis", "base64encode",
        "base64decode", "encodeUrl", "decodeUrl", "encodeUrlComponent", "decodeUrlComponent", "error", "assert", "clone",
    ]

    private mutating func some(_ parts: [String]) -> String { (0..<roll(8)).map { _ in pick(parts) }.joined() }

    private mutating func picture() -> String {
        some([
            "#", "0", ",", ".", "e", "%", ";", "-", "a", "(", "w", "I", "٠", "[Y0001]", "[M01]", "[D1o]", "[MNn,3-3]", "[h]", "[P]", "[Z]",
            "[f]",
        ])
    }

    private mutating func regex() -> String {
        "/"
            + some([
                "a", "l", ".", "\\d", "\\w", "[a-o]", "(", "(?:", "(?=", "(?<!", ")", ")", "|", "*", "+", "?", "{1,2}", "^", "$", "\\b",
                "\\1", "😀",
            ])
            + "/" + pick(["", "i", "m"])
    }

    private mutating func node(_ depth: Int) -> String {
        if depth == 0 {
            return pick([
                "a", "b", "c", "d", "s", "n", "o", "e", "$", "$$", "$v", "$x", "1", "0", "-1", "2.5", "\"x\"", "\"\"", "true",
                "null", "*", "**", "%", "/[a-z]+/", "/(l+)o?/i", "[]", "{}", "missing", "\"#0.0\"", "\"[Y]-[M]\"", "\"\\uD83D\"",
            ])
        }
        let inner = depth - 1
        switch roll(20) {
        case 0, 1, 2: return node(inner) + "." + node(inner)
        case 3: return node(inner) + "[" + node(inner) + "]"
        case 4:
            return node(inner) + pick(["+", "-", "*", "/", "%", "&", "=", "!=", "<", ">=", " and ", " or ", " in ", "~>", "?:", "??"])
                + node(inner)
        case 5: return "[" + node(inner) + "," + node(inner) + "]"
        case 6: return "{" + pick(["\"k\"", node(inner)]) + ":" + node(inner) + "}"
        case 7: return node(inner) + "{" + pick(["c", "\"k\"", "$string(b)"]) + ":" + node(inner) + "}"
        case 8: return node(inner) + "^(" + pick(["", ">", "<"]) + node(inner) + ")"
        case 9: return "($x := " + node(inner) + "; " + node(inner) + ")"
        case 10: return node(inner) + "?" + node(inner) + ":" + node(inner)
        case 11: return "function($v){" + node(inner) + "}"
        case 12: return "function($v,$x)" + pick(["", "<s-n?:x>", "<a<n>x>", "<j?>"]) + "{" + node(inner) + "}(" + node(inner) + ")"
        case 13: return pick(["@$v", "#$v"]).isEmpty ? "" : node(inner) + pick(["@$v.", "#$v."]) + node(inner)
        case 14: return "|" + node(inner) + "|" + node(inner) + pick(["", ",\"c\""]) + "|"
        case 15: return "[" + node(0) + ".." + node(0) + "]"
        case 16:
            return "$" + pick(["formatNumber", "formatInteger", "parseInteger", "fromMillis", "toMillis"]) + "(" + node(0) + ",\""
                + picture() + "\")"
        case 17:
            return "$" + pick(["match", "contains", "split", "replace"]) + "(" + pick(["s", "c", "\"hello hello 😀\""]) + "," + regex()
                + pick(["", ",\"<$1>\"", ",2"]) + ")"
        default:
            var arguments: [String] = []
            for _ in 0..<roll(4) { arguments.append(roll(8) == 0 ? "?" : node(inner)) }
            return "$" + pick(Self.functions) + "(" + arguments.joined(separator: ",") + ")"
        }
    }
}
