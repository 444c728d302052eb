@_spi(Engine) import JSON
import Testing

@_spi(Engine) import JSONata

@testable import MappingFunctions

/// What the functions of mappings make of values that the language's own functions refuse.
@Suite struct MappingFunctionTests {
    /// An expression and its result as JSON; nil for undefined.
    typealias Row = (expression: String, result: String?)

    private func check(_ row: Row, _ input: String = "{}") throws {
        let result = try Expression(row.expression, library: .mapping).evaluate(JSONValue.parse(input))
        #expect(try result == row.result.map { try JSONValue.parse($0) }, "\(row.expression)")
    }

    @Test(arguments: [
        ("$join([1, 2.5, true], '-')", #""1-2.5-true""#), ("$join([null, 'a', {'b': 1}], ',')", #"",a,[object Object]""#),
        ("$join([[1, [2]], 3], ';')", #""1,2;3""#), ("$join(['a', 'b'])", #""a,b""#), ("$join(missing, ',')", #""""#),
        ("$join(5, ',')", #""5""#), ("$join([], ',')", #""""#), ("$join(['a', 'b'], 0)", #""a0b""#),
        ("['x', 'y'] ~> $join('/')", #""x/y""#),
    ]) func `join makes text of any values`(row: Row) throws { try check(row) }

    @Test(
        arguments: [
            ("$each(null, function($v) { $v })", nil), ("$each(missing, function($v) { $v })", nil),
            ("$sift(null, function($v) { true })", nil),
            ("$sift(missing, function($v) { true })", nil), ("$each(['a', 'b'], function($v, $k) { $k & $v })", #"["0a","1b"]"#),
            ("$sift(['a', 'b'], function($v, $k) { $k = '1' })", #"{"1":"b"}"#), ("o.$each(function($v, $k) { $k & $v })", #"["a1","b2"]"#),
            ("o.$sift(function($v) { $v > 1 })", #"{"b":2}"#), ("$each(o, $string)", #"["1","2"]"#),
            ("$sift(o, function($v) { $v > 2 })", nil),
        ] as [Row]) func `each and sift take null, nothing and lists`(row: Row) throws
    { try check(row, #"{"o":{"a":1,"b":2}}"#) }

    @Test(arguments: ["$each(5, function($v) { $v })", "$sift('x', function($v) { true })"])
    func `each and sift refuse what has no members`(expression: String) {
        #expect { try Expression(expression, library: .mapping).evaluate(nil) } throws: { ($0 as? JSONataError)?.code == "T0410" }
    }

    @Test(arguments: ["$join([1], ',')", "$each(null, function($v) { $v })", "$sift(['a'], function($v) { true })"])
    func `the language's own library stays strict`(expression: String) {
        #expect(throws: JSONataError.self) { try Expression(expression).evaluate(nil) }
    }

    @Test(
        arguments: [
            ("$convertCurrencyFromSubunit(550, 'USD')", #""5.50""#), ("$convertCurrencyFromSubunit('550', 'USD')", #""5.50""#),
            ("$convertCurrencyFromSubunit(550.5, 'USD')", #""5.50""#), ("$convertCurrencyFromSubunit(-5, 'USD')", #""-0.05""#),
            ("$convertCurrencyFromSubunit(500, 'JPY')", #""500""#), ("$convertCurrencyFromSubunit(1234, 'KWD')", #""1.234""#),
            ("$convertCurrencyFromSubunit(550, 'XYZ')", "550"), ("$convertCurrencyFromSubunit(550, 'usd')", "550"),
            ("$convertCurrencyFromSubunit(null, 'USD')", "null"), ("$convertCurrencyFromSubunit(missing, 'USD')", nil),
            ("$convertCurrencyToSubunit(4.35, 'USD')", "434"), ("$convertCurrencyToSubunit('4.5 EUR', 'EUR')", "450"),
            ("$convertCurrencyToSubunit(5.5, 'usd')", "5.5"), ("$convertCurrencyToSubunit('5', 'XYZ')", #""5""#),
            ("$convertCurrencyToSubunit(1.5, 'CLF')", "15000"), ("$convertCurrencyToSubunit(5)", "5"),
        ] as [Row]) func `amounts convert as currencies have digits`(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            ("$diceCoefficient('hello-world', 'hello world')", "1"), ("$diceCoefficient('night', 'nacht')", "0.25"),
            ("$getMimeType('photo')", "null"), ("$getMimeType('a/pdf')", "null"), ("$getMimeType('pdf')", #""application/pdf""#),
            ("$getMimeType('a.b/cv.PDF')", #""application/pdf""#), ("$getMimeType(missing)", nil), ("$getMimeType(5)", "null"),
            ("$toNumber([])", "0"), ("$toNumber([5])", "5"), ("$toNumber([1, 2])", "null"), ("$toNumber({})", "null"),
            ("$toNumber('0x1F')", "31"),
            ("$toNumber('inf')", "null"), ("$toNumber('1e3')", "1000"), ("$toNumber('.5')", "0.5"), ("$toNumber('12px')", "null"),
            ("$jsonParse(5)", "5"), ("$jsonParse(true)", "true"), ("$jsonParse(null)", "null"), ("$jsonParse([7])", "7"),
            ("$jsonParse({})", "null"),
            ("$values(5)", "[]"), ("$values(null)", "[]"), ("$values('ab')", #"["a","b"]"#), ("$values([1, 2])", "[1,2]"),
            ("$values(missing)", "[]"),
            ("$difference(5, [5])", "[]"), ("$difference(missing, [1])", "[]"), ("$difference([1, 2], 2)", "[1,2]"),
            ("$difference([1, 2], missing)", "[1,2]"),
            ("$wrap({'a': 1}, '<', '>')", #""<[object Object]>""#), ("$wrap([1, null, 2], '|')", #""|1,,2|""#),
            ("$wrap(missing, '|')", #""||""#),
        ] as [Row]) func `values of other kinds convert as JavaScript does`(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            ("$keyBy(list, ['k', 'a'])", #"{"true":{"k":"a"},"false":{"k":"b"}}"#), ("$groupBy(list, ['k', 'a']).`false`", #"[{"k":"b"}]"#),
            ("$groupBy(list, {'k': 'a'}).`true`", #"[{"k":"a"}]"#), ("$groupBy(missing, 'k')", "{}"), ("$keyBy(missing, 'k')", "{}"),
            ("$chunk(missing, 2)", "[]"), ("$flatten(missing)", "[]"), ("$flattenDeep(missing)", "[]"), ("$flattenDepth(missing, 2)", "[]"),
            ("$orderBy(missing, 'k')", "[]"), ("$flatten(5)", "[5]"), ("$chunk(5, 2)", "[[5]]"),
        ] as [Row]) func `lists are grouped by pairs, and nothing is an empty list`(row: Row) throws
    {
        try check(row, #"{"list":[{"k":"a"},{"k":"b"}]}"#)
    }

    @Test(arguments: ["'rubbish'", "''", "5", "[]", "'/path/only'"])
    func `an address that is none is an error`(text: String) {
        #expect { try Expression("$parseUrl(\(text))", library: .mapping).evaluate(nil) } throws: { ($0 as? JSONataError)?.code == "D3150" }
    }

    @Test(
        arguments: [
            ("$parseQuery('a=1&a=2&b')", #"{"a":["1","2"],"b":""}"#), ("$parseQuery('a[1]=y&a[0]=x')", #"{"a":["x","y"]}"#),
            ("$parseQuery('a[b][c]=1&a[b][d]=2')", #"{"a":{"b":{"c":"1","d":"2"}}}"#), ("$parseQuery('a[21]=x')", #"{"a":{"21":"x"}}"#),
            ("$parseQuery('a[b][c][d][e][f][g]=1')", #"{"a":{"b":{"c":{"d":{"e":{"f":{"[g]":"1"}}}}}}}"#),
            ("$parseQuery('a[][b]=1&a[][c]=2')", #"{"a":[{"b":"1"},{"c":"2"}]}"#),
            ("$parseQuery('?a=1', {'ignoreQueryPrefix': false})", #"{"?a":"1"}"#),
            ("$parseQuery('a=1;b=2', {'delimiter': ';'})", #"{"a":"1","b":"2"}"#),
            ("$parseQuery('a.b=1', {'allowDots': true})", #"{"a":{"b":"1"}}"#),
            ("$parseQuery('a=1,2', {'comma': true})", #"{"a":["1","2"]}"#),
            ("$parseQuery('a&b=', {'strictNullHandling': true})", #"{"a":null,"b":""}"#),
            ("$parseQuery('a=1&a=2', {'duplicates': 'last'})", #"{"a":"2"}"#),
            ("$parseQuery('a[]=1', {'parseArrays': false})", #"{"a":{"0":"1"}}"#),
            ("$parseQuery('a=1&b=2', {'parameterLimit': 1})", #"{"a":"1"}"#),
            ("$parseQuery('a[b][c]=1', {'depth': 1})", #"{"a":{"b":{"[c]":"1"}}}"#),
            ("$parseQuery('a[0]=x', {'depth': 0})", #"{"a[0]":"x"}"#), ("$parseQuery('a[3]=x', {'arrayLimit': 2})", #"{"a":{"3":"x"}}"#),
            ("$parseQuery(missing)", nil), ("$parseUrl(missing)", nil), ("$parseUrl(null)", nil),
        ] as [Row]) func `a query is read by its options`(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            ("$stringifyQuery({'a': [1, 2]})", #""a%5B0%5D=1&a%5B1%5D=2""#),
            ("$stringifyQuery({'a': [1, 2]}, {'arrayFormat': 'brackets', 'encode': false})", #""a[]=1&a[]=2""#),
            ("$stringifyQuery({'a': [1, 2]}, {'arrayFormat': 'comma'})", #""a=1%2C2""#),
            ("$stringifyQuery({'a': ['x y', 2]}, {'arrayFormat': 'comma', 'encodeValuesOnly': true})", #""a=x%20y,2""#),
            ("$stringifyQuery({'a': [1]}, {'arrayFormat': 'comma', 'commaRoundTrip': true, 'encode': false})", #""a[]=1""#),
            ("$stringifyQuery({'a': [1]}, {'indices': false})", #""a=1""#), ("$stringifyQuery({'a': null, 'b': []})", "\"a=\""),
            ("$stringifyQuery({'a': null, 'b': 1}, {'strictNullHandling': true})", #""a&b=1""#),
            ("$stringifyQuery({'a': null, 'b': 1}, {'skipNulls': true})", #""b=1""#),
            ("$stringifyQuery({'a': {'b': 1}}, {'allowDots': true})", #""a.b=1""#),
            ("$stringifyQuery({'a': 1, 'b': 2}, {'delimiter': ';'})", #""a=1;b=2""#),
            ("$stringifyQuery({'a': 'x y(z)'}, {'format': 'RFC1738'})", #""a=x+y(z)""#),
            ("$stringifyQuery({'a': 1}, {'addQueryPrefix': true})", #""?a=1""#),
            ("$stringifyQuery({'a': 1, 'b': 2}, {'filter': ['b']})", #""b=2""#),
            ("$stringifyQuery({'a': []}, {'allowEmptyArrays': true, 'encode': false})", #""a[]""#),
            ("$stringifyQuery(['x'])", #""0=x""#), ("$stringifyQuery({'a': {'b': 'c d'}}, {'encodeValuesOnly': true})", #""a[b]=c%20d""#),
        ] as [Row]) func `a query is written by its options`(row: Row) throws
    { try check(row) }
}
