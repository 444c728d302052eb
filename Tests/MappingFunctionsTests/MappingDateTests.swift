@_spi(Engine) import JSON
import Testing

@_spi(Engine) import JSONata

@testable import MappingFunctions

/// The dates of mappings: zones, members and texts. Zones come from the system's database.
@Suite struct MappingDateTests {
    typealias Row = (expression: String, result: String?)

    private func check(_ row: Row) throws {
        let result = try Expression(row.expression, library: .mapping).evaluate(nil)
        #expect(try result == row.result.map { try JSONValue.parse($0) }, "\(row.expression)")
    }

    @Test(
        .enabled(if: ZoneRules.named("Europe/Berlin") != nil),
        arguments: [
            ("$dtFromIso('2024-07-01T12:00:00Z').setZone('Europe/Berlin').toISO()", #""2024-07-01T14:00:00.000+02:00""#),
            ("$dtFromIso('2024-01-01T12:00:00Z', 'America/New_York').toISO()", #""2024-01-01T07:00:00.000-05:00""#),
            ("$dtFromIso('2024-07-01T09:00:00', 'America/New_York').toUTC().toISO()", #""2024-07-01T13:00:00.000Z""#),
            ("$dtFromIso('2050-07-01T12:00:00Z').setZone('Europe/Berlin').offset", "120"),
            ("$dtFromIso('2050-01-01T12:00:00Z').setZone('Australia/Sydney').offset", "660"),
            ("$dtFromIso('2024-07-01T12:00:00Z').setZone('Asia/Kolkata').toFormat('ZZ z ZZZZ')", #""+05:30 Asia/Kolkata GMT+5:30""#),
            ("$dtFromIso('2024-01-01T12:00:00Z').setZone('America/Los_Angeles').offsetNameShort", #""PST""#),
            (
                "$dtFromIso('2024-07-01T12:00:00Z').setZone('Europe/Berlin').[isInDST, zoneName, isOffsetFixed]",
                #"[true,"Europe/Berlin",false]"#
            ),
            ("$dtFromIso('2024-01-01T12:00:00Z').setZone('Europe/Berlin').isInDST", "false"),
            ("$dtFromIso('2024-01-01T12:00:00Z').setZone('Australia/Sydney').isInDST", "true"),
            // Clocks change: a day later is the same time of day, 24 hours later is not.
            ("$dtFromIso('2024-03-09T12:00:00', 'America/New_York').plus({'days': 1}).toISO()", #""2024-03-10T12:00:00.000-04:00""#),
            ("$dtFromIso('2024-03-09T12:00:00', 'America/New_York').plus({'hours': 24}).toISO()", #""2024-03-10T13:00:00.000-04:00""#),
            ("$dtFromIso('2024-03-10T02:30:00', 'America/New_York').toISO()", #""2024-03-10T03:30:00.000-04:00""#),
            ("$dtFromIso('2024-03-10T12:00:00', 'America/New_York').startOf('day').toISO()", #""2024-03-10T00:00:00.000-05:00""#),
            ("$dtFromIso('2024-03-11', 'America/New_York').diff($dtFromIso('2024-03-10', 'America/New_York'), 'days').days", "1"),
            ("$dtFromIso('2024-03-11', 'America/New_York').diff($dtFromIso('2024-03-10', 'America/New_York'), 'hours').hours", "23"),
        ] as [Row]) func `a date has the clock of its zone`(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            ("$dtFromIso('2024-01-31').[monthLong, monthShort, weekdayLong, weekdayShort]", #"["January","Jan","Wednesday","Wed"]"#),
            ("$dtFromIso('2024-01-31').[daysInYear, weeksInWeekYear]", "[366,52]"), ("$dtFromIso('2020-06-01').weeksInWeekYear", "53"),
            ("$dtFromIso('2023-01-31').[isInLeapYear, isInDST, isOffsetFixed]", "[false,false,true]"),
            ("$dtFromIso('2024-01-31').toISOWeekDate()", #""2024-W05-3""#), ("$dtFromIso('2024-01-31').toLocaleString()", #""1/31/2024""#),
            ("$dtFromIso('2024-01-31').toLocaleString({'year': 'numeric', 'month': 'long', 'day': 'numeric'})", #""January 31, 2024""#),
            ("$dtFromIso('2024-01-31').toLocaleString({'weekday': 'short', 'month': 'short', 'day': 'numeric'})", #""Wed, Jan 31""#),
            ("$dtFromIso('2024-01-31').toLocaleString({'month': 'long', 'year': 'numeric'})", #""January 2024""#),
            ("$dtFromIso('2024-01-31T15:05:09').toLocaleString({'hour': 'numeric', 'minute': '2-digit'})", #""3:05 PM""#),
            (
                "$dtFromIso('2024-01-31T15:05:09').toLocaleString({'month': 'long', 'day': 'numeric', 'hour': 'numeric'})",
                #""January 31 at 3 PM""#
            ),
            (
                "$dtFromIso('2024-01-31T15:05').toLocaleString({'month': '2-digit', 'day': '2-digit', 'year': '2-digit', 'hour': 'numeric', 'minute': 'numeric', 'hour12': false})",
                #""01/31/24, 15:05""#
            ),
            ("$dtFromIso($now()).plus({'days': 3, 'minutes': 1}).toRelative()", #""in 3 days""#),
            ("$dtFromIso('2024-01-31').toRelative({'base': $dtFromIso('2024-03-31')})", #""2 months ago""#),
            ("$dtFromIso('2024-01-31').toRelative({'base': $dtFromIso('2024-01-30T23:00:00')})", #""in 1 hour""#),
            ("$dtFromIso('2024-01-31').toRelative({'base': $dtFromIso('2024-01-29'), 'unit': 'hours'})", #""in 48 hours""#),
            ("$dtFromIso('2024-01-31').toRelative({'base': $dtFromIso('2024-01-31')})", #""in 0 seconds""#),
        ] as [Row]) func `a date has names and texts`(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            ("$dtFromIso('2024-01-31 12:00:00').[isValid, invalidReason]", #"[false,"unparsable"]"#),
            ("$dtFromIso('2024-13-01').invalidReason", #""unit out of range""#),
            ("$dtFromIso('2024-01-31T25:00:00Z').invalidReason", #""unit out of range""#),
            ("$dtFromIso('2024-400').invalidReason", #""unit out of range""#),
            ("$dtFromIso('nope').invalidReason", #""unparsable""#), ("$dtFromIso('2024-01-31').invalidReason", "null"),
            ("$dtFromIso('2024-01-31').setZone('Mars/Olympus').[isValid, invalidReason]", #"[false,"unsupported zone"]"#),
            ("$dtFromIso('2024-01-31', '../../etc/passwd').invalidReason", #""unsupported zone""#),
            ("$dtFromIso(missing).toFormat('yyyy')", #""Invalid DateTime""#), ("$dtFromIso(missing).toISO()", "null"),
            ("$dtFromFormat(missing, 'yyyy').toFormat('yyyy')", #""Invalid DateTime""#),
            ("$dtFromIso(missing).toLocaleString()", #""Invalid DateTime""#),
            ("$dtFromIso(null).isValid", "false"), ("{'at': $dtFromIso(missing)}", #"{"at":null}"#),
            ("$dtFromIso('x').[year, monthLong]", "[null,null]"),
            ("$dtFromIso('x').toRelative()", "null"), ("$dtFromIso('x').plus({'days': 1}).invalidReason", #""unparsable""#),
        ] as [Row]) func `a date that is none says why`(row: Row) throws
    { try check(row) }

    @Test(arguments: [
        ("EST5EDT,M3.2.0,M11.1.0", 1_720_000_000, -240), ("EST5EDT,M3.2.0,M11.1.0", 1_705_000_000, -300), ("<+0330>-3:30", 0, 210),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_799, 60), ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_800, 120),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_705_000_000, 660), ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_705_000_000, 0),
    ]) func `a zone's rule gives its offset`(rule: String, second: Int, minutes: Int) {
        #expect(ZoneTail(rule)?.period(at: second).offset == minutes, "\(rule)")
    }

    @Test(arguments: ["", "TZif", "TZif2", "not a zone file at all, but long enough to hold a whole header of one"])
    func `a file that is no zone is none`(text: String) { #expect(ZoneFile(Array(text.utf8)) == nil) }
}
