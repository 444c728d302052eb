@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// The members of dates that are no methods.
enum DateMembers {
    private static let names: Set<String> = [
        "year", "month", "day", "hour", "minute", "second", "millisecond", "weekday", "weekNumber", "weekYear", "ordinal",
        "quarter", "daysInMonth", "daysInYear", "weeksInWeekYear", "offset", "ts", "isInDST", "isInLeapYear", "isOffsetFixed",
        "monthLong", "monthShort", "weekdayLong", "weekdayShort", "offsetNameShort", "offsetNameLong", "zoneName", "zone",
    ]

    /// Nil where `name` is no such member. Null for all that an invalid date lacks.
    static func value(_ name: String, _ date: DateTime, _ c: Context) -> Value? {
        switch name {
        case "isValid": return Value(date.millis != nil)
        case "invalidReason": return date.invalidReason.map { c.string($0) } ?? .null
        case "invalidExplanation": return .null
        case "locale": return c.string("en-US")
        default: break
        }
        guard names.contains(name) else { return nil }
        guard date.millis != nil else { return .null }
        if let number = number(name, date) { return Value(Double(number)) }
        let civil = date.civil
        let month = DateNames.months[civil.month - 1]
        let weekday = DateNames.days[CivilDate.weekday(civil.days) - 1]
        switch name {
        case "isInDST": return Value(date.isInSummerTime)
        case "isInLeapYear": return Value(CivilDate.isLeap(civil.year))
        case "isOffsetFixed":
            if case .named = date.zone { return Value(false) }
            return Value(true)
        case "monthLong": return c.string(month)
        case "monthShort": return c.string(String(month.prefix(3)))
        case "weekdayLong": return c.string(weekday)
        case "weekdayShort": return c.string(String(weekday.prefix(3)))
        case "offsetNameShort", "offsetNameLong": return c.string(date.offsetName)
        default: return c.string(date.zoneName)
        }
    }

    private static func number(_ name: String, _ date: DateTime) -> Int? {
        let civil = date.civil
        switch name {
        case "year": return civil.year
        case "month": return civil.month
        case "day": return civil.day
        case "hour": return civil.hour
        case "minute": return civil.minute
        case "second": return civil.second
        case "millisecond": return civil.millisecond
        case "weekday": return CivilDate.weekday(civil.days)
        case "weekNumber": return civil.weekOfYear.week
        case "weekYear": return civil.weekOfYear.year
        // The last week of a year is the one that holds 28 December.
        case "weeksInWeekYear": return CivilDate(year: civil.weekOfYear.year, month: 12, day: 28).weekOfYear.week
        case "ordinal": return civil.dayOfYear
        case "quarter": return (civil.month - 1) / 3 + 1
        case "daysInMonth": return CivilDate.daysInMonth(civil.month, civil.year)
        case "daysInYear": return CivilDate.isLeap(civil.year) ? 366 : 365
        case "offset": return date.offset
        case "ts": return date.millis
        default: return nil
        }
    }
}

extension DateTime {
    var zoneName: String {
        if case .named(let rules) = zone { return rules.name }
        return offset == 0 ? "UTC" : "UTC" + offsetText(1)
    }

    /// Names as American English writes them; `GMT+1` where it has none.
    private static let names: Set<String> = [
        "UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "AKDT", "HST", "HDT",
    ]

    var offsetName: String {
        guard case .named(let rules) = zone else { return zoneName }
        let name = rules.period(at: CivilDate.floorDivide(millis ?? 0, 1000)).abbreviation
        // The names are those of America: China's time is abbreviated CST as well, and is written GMT+8.
        if Self.names.contains(name), offset <= 0 { return name }
        return offset == 0 ? "GMT" : "GMT" + offsetText(1)
    }

    /// Whether clocks are ahead of the zone's own time: ahead of those of January or May.
    var isInSummerTime: Bool {
        guard case .named = zone else { return false }
        var (january, may) = (civil, civil)
        (january.month, january.day) = (1, 1)
        may.month = 5
        return offset > at(january).offset || offset > at(may).offset
    }
}
