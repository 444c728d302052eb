@_spi(Engine) import JSON
import Testing

@_spi(Engine) @testable import JSONata

@Suite struct PictureTests {
    private func evaluate(_ expression: String) throws -> JSONValue? { try Expression(expression).evaluate(nil) }

    @Test(arguments: [
        // XPath Functions 3.1 §4.7
        ("$formatNumber(12345.6, '#,###.00')", "12,345.60"), ("$formatNumber(0.14, '01%')", "14%"),
        ("$formatNumber(-6, '000')", "-006"), ("$formatNumber(1234.5678, '0.000e0')", "1.235e3"),
        ("$formatNumber(-3, '0;(0)')", "(3)"), ("$formatNumber(0.5, '#')", "0"), ("$formatNumber(1e15, '#,##0')", "1,000,000,000,000,000"),
        ("$formatNumber(12345678, '#,##,#0')", "12,34,56,78"), ("$formatNumber(12, '#,###,00')", ",,12"),
        ("$formatNumber(1.23456, '0.00,00')", "1.23,46"),
        ("$formatNumber(1234.5, '#.##0,00', {'decimal-separator': ',', 'grouping-separator': '.'})", "1.234,50"),
        ("$formatNumber(0.000001, '0.######')", "0.000001"), ("$formatNumber(0, '#.##')", ".0"),
        // §4.6
        ("$formatInteger(123, '000;o')", "123rd"), ("$formatInteger(111, '0;o')", "111th"),
        ("$formatInteger(1999, 'Ww')", "One Thousand, Nine Hundred and Ninety-Nine"),
        ("$formatInteger(12, '#:###,##0')", ",:12"), ("$formatInteger(-12, 'w')", "-twelve"), ("$formatInteger(0, 'w;o')", "zeroth"),
        // $fromMillis
        ("$fromMillis(1521801216617, '[FNn,*-3], [D1o] [MNn] [Y] [h]:[m01][P]')", "Fri, 23rd March 2018 10:33am"),
        ("$fromMillis(-1, '[Y]-[M01]-[D01]T[H01]:[m]:[s].[f001]')", "1969-12-31T23:59:59.999"),
        ("$fromMillis(0, '[Y]-[M01]-[D01] [H01]:[m] [z]', '-0530')", "1969-12-31 18:30 GMT-05:30"),
        ("$fromMillis(1230768000000, '[X0001]-W[W01]-[F1]')", "2009-W01-4"), ("$fromMillis(0)", "1970-01-01T00:00:00.000Z"),
        ("$formatBase(-255, 16)", "-ff"), ("$formatBase(9007199254740992, 2)", "100000000000000000000000000000000000000000000000000000"),
    ]) func `text is as the specification has it`(expression: String, expected: String) throws {
        #expect(try evaluate(expression) == .string(expected), "\(expression)")
    }

    @Test(arguments: [
        ("$toMillis('2018-03-27', '[Y0001]-[M01]-[D01]')", 1_522_108_800_000),
        ("$toMillis('27th March 2018', '[D1o] [MNn] [Y]')", 1_522_108_800_000),
        ("$toMillis('Tuesday, 27 Mar 18', '[FN], [D] [Mn,3-3] [Y0001]')", -1_633_651_200_000),
        ("$toMillis('MMXVIII', '[YI]')", 1_514_764_800_000),
        ("$toMillis('two thousand and eighteen', '[Yw]')", 1_514_764_800_000), ("$toMillis('2018-60', '[Y]-[d]')", 1_519_862_400_000),
        ("$toMillis('2018-03-27 12:05 AM', '[Y]-[M]-[D] [h]:[m] [PN]')", 1_522_109_100_000),
        ("$toMillis('2018-03-27T00:00-05:30', '[Y]-[M]-[D]T[H]:[m][Z]')", 1_522_128_600_000),
        ("$toMillis('20180327GMT+01:00', '[Y0001][M01][D01][z]')", 1_522_105_200_000), ("$toMillis('2024-02-31')", 1_709_337_600_000),
        ("$toMillis('2017-10-30T15:28:34.5+05:30')", 1_509_357_514_500), ("$toMillis('2018-02-01T09:42:13.1239-0130')", 1_517_483_533_123),
        ("$parseInteger('twelve thousand, four hundred and seventy-sixth', 'w;o')", 12_476), ("$parseInteger('-1,234', '#,##0')", -1234),
        ("$round(4.515, 2) * 1000", 4520), ("$round(-2.5)", -2), ("$round(12350, -2)", 12_400), ("$round(6.022e-23, 24)", 6e-23),
    ]) func `numbers are read as the reference reads them`(expression: String, expected: Double) throws {
        #expect(try evaluate(expression)?.double == expected, "\(expression)")
    }

    @Test(arguments: [
        ("$formatNumber(20,'#;#;#')", "D3080"), ("$formatNumber(20,'#.0.0')", "D3081"), ("$formatNumber(20,'#0%%')", "D3082"),
        ("$formatNumber(20,'#0‰‰')", "D3083"), ("$formatNumber(20,'#0%‰')", "D3084"), ("$formatNumber(20,'.e0')", "D3085"),
        ("$formatNumber(20,'0+.e0')", "D3086"), ("$formatNumber(20,'0,.e0')", "D3087"), ("$formatNumber(20,'0,')", "D3088"),
        ("$formatNumber(20,'0,,0')", "D3089"), ("$formatNumber(20,'0#.e0')", "D3090"), ("$formatNumber(20,'#0.#0e0')", "D3091"),
        ("$formatNumber(20,'#0.0e0%')", "D3092"), ("$formatNumber(20,'#0.0e0,0')", "D3093"), ("$formatBase(1, 37)", "D3100"),
        ("$toMillis('foo')", "D3110"), ("$toMillis('2018-13-01T')", "D3110"), ("$formatInteger(1, 'α')", "D3130"),
        ("$formatInteger(1, '##0٠')", "D3131"), ("$fromMillis(0, '[q]')", "D3132"), ("$fromMillis(0, '[YN]')", "D3133"),
        ("$fromMillis(0, '[Z010101t]', '+0530')", "D3134"), ("$fromMillis(0, '[Y')", "D3135"), ("$toMillis('2018-22', '[Y]-[D]')", "D3136"),
        ("$toMillis('2018-W22-1', '[X]-W[W]-[F1]')", "D3136"),
    ]) func `a broken rule has its code`(expression: String, code: String) {
        #expect { try evaluate(expression) } throws: { ($0 as? JSONataError)?.code == code }
    }

    @Test func `text that does not fit a date picture is nothing`() throws {
        #expect(try evaluate("$toMillis('yesterday', '[Y]-[M]-[D]')") == nil)
    }

    @Test func `what a time leaves out is today`() throws {
        #expect(try evaluate("$fromMillis($toMillis('13:45', '[H01]:[m01]'), '[H01]:[m01]') = '13:45'") == .bool(true))
        #expect(try evaluate("$fromMillis($toMillis('13:45', '[H01]:[m01]'), '[Y0001]') = $now('[Y0001]')") == .bool(true))
    }

    @Test func `a date survives all its components`() throws {
        for day in stride(from: -800_000, through: 800_000, by: 997) {
            let date = CivilDate(millis: day * CivilDate.dayMillis)
            #expect(date.days == day)
            #expect(CivilDate.weekday(day + 7) == CivilDate.weekday(day))
            #expect((1...53).contains(date.weekOfYear.week))
        }
    }
}
