@_spi(Engine) import JSON
import Testing

@_spi(Engine) import JSONata

@testable import MappingFunctions

/// Every function of the mapping library with arguments of every kind: a response or an error, never a crash.
@Suite struct ExtensionFuzzTests {
    private static let values = [
        "missing", "null", "true", "0", "-1.5", "1e300", "-1e300", "9007199254740993", "$parseInteger('x', '0')", "''", "'a'",
        "'2024-02-29T10:00:00Z'", "'https://u:p@h.example:1/p?q=1#f'", "'<a b=\"c\">&amp;<p>x'", "'# h\\n- *x* [y](z)\\n|a|\\n|-|'",
        "'yyyy-LL-dd'",
        "'[Y0001]-[M01]'", "'#,##0.00'", "'w;o'", "'\\ud83d'", "'😀é'", "[]", "[1, 'a', null]", "[[1, [2]], {}]",
        "[{'id': 1, 'parent_id': 1}]", "{}",
        "{'a': 1, 'b': {'c': [1]}, 'days': 1e300}", "{'$file': 't', 'name': 'n'}", "function($x) { $x }", "$uppercase", "/a(b)?/",
        "$dtFromIso('2024-01-31')", "$dtFromIso('x')", "$parseUrl('https://a.example')", "$dependencyGraph([{'a': 1, 'b': 2}], 'b', 'a')",
    ]

    /// The values together, made once for each evaluation.
    private func evaluate(_ call: String) throws -> JSONValue? {
        try Expression(call, library: .mapping).evaluate(.object(JSONObject([("x", .string("y"))])))
    }

    @Test(arguments: FunctionLibrary.mapping.names.sorted().filter { $0 != "eval" })
    func `a function takes whatever it is given`(name: String) {
        var seed = name.utf8.reduce(UInt64(1469)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        func pick() -> String {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Self.values[Int(seed >> 33) % Self.values.count]
        }
        var responses = 0
        for first in Self.values {
            for arguments in [
                "\(first)", "\(first), \(pick())", "\(first), \(pick()), \(pick())", "\(first), \(pick()), \(pick()), \(pick())",
            ] {
                // $string shows whatever came out, dates and graphs too.
                _ = try? evaluate("$string($\(name)(\(arguments)))")
                responses += 1
            }
        }
        #expect(responses == Self.values.count * 4)
    }

    @Test(arguments: [
        "year", "ts", "isValid", "zoneName", "toISO", "toFormat", "toSQL", "toHTTP", "toRFC2822", "toObject", "toUTC", "setZone", "plus",
        "minus",
        "set", "startOf", "endOf", "diff", "diffNow", "equals", "hasSame", "toSeconds", "toUnixInteger", "nothing",
    ]) func `a method of a date takes whatever it is given`(name: String) {
        var responses = 0
        for date in ["'2024-02-29T10:00:00Z'", "'x'", "'9999-12-31'", "'0000-01-01'"] {
            for value in Self.values + [
                "'month'", "'weeks'", "{'months': 1e300}", "{'year': -1e300, 'day': 31}", "['years', 'months', 'hours']",
            ] {
                _ = try? evaluate("$string($dtFromIso(\(date)).\(name)(\(value), \(value)))")
                _ = try? evaluate("$string($dtFromIso(\(date)).\(name)($dtFromIso('2023-01-31'), \(value)))")
                responses += 1
            }
        }
        #expect(responses == 4 * (Self.values.count + 5))
    }
}
