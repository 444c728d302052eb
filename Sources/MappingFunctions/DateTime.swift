@_spi(Engine) import JSONata

/// A moment and the offset it is shown in: what mapping functions make of dates. Immutable.
struct DateTime: Sendable, Equatable {
    enum Zone: Sendable, Equatable {
        /// The server's own, which is UTC but not written `Z`.
        case local
        case utc
        /// Minutes east.
        case fixed(Int)
        case named(ZoneRules)
    }

    /// Milliseconds since 1970; nil for a date that is none.
    var millis: Int?
    var zone: Zone
    /// Why a date is none; nil for one that is.
    var invalidReason: String?

    /// Minutes east at this moment.
    var offset: Int { Self.offset(of: zone, at: millis ?? 0) }

    /// The date and time on the wall.
    var civil: CivilDate { CivilDate(millis: (millis ?? 0) + offset * 60_000) }

    static let invalid = invalid("unparsable")

    static func invalid(_ reason: String) -> DateTime { DateTime(millis: nil, zone: .local, invalidReason: reason) }

    func at(_ civil: CivilDate) -> DateTime {
        guard millis != nil else { return self }
        return DateTime(millis: Self.moment(wall: civil.millis, in: zone, guess: offset), zone: zone)
    }

    private static func offset(of zone: Zone, at millis: Int) -> Int {
        switch zone {
        case .local, .utc: 0
        case .fixed(let minutes): minutes
        case .named(let rules): rules.period(at: CivilDate.floorDivide(millis, 1000)).offset
        }
    }

    /// The moment at which clocks of a zone show `wall`, milliseconds as if in UTC.
    ///
    /// - Parameter guess: the offset to try first: it decides where an hour comes twice. An hour that is left out is
    ///   read with the smaller offset, which gives the hour after it.
    static func moment(wall: Int, in zone: Zone, guess: Int) -> Int {
        guard case .named = zone else { return wall - offset(of: zone, at: wall) * 60_000 }
        let second = offset(of: zone, at: wall - guess * 60_000)
        if second == guess { return wall - guess * 60_000 }
        let third = offset(of: zone, at: wall - second * 60_000)
        return wall - (third == second ? second : min(second, third)) * 60_000
    }

    /// A zone by name: `utc`, `local`, `UTC+5:30` or one of the IANA database; nil for a name that is not known.
    static func zone(named name: String) -> Zone? {
        let given = name
        let name = name.lowercased()
        switch name {
        case "utc", "gmt", "z", "etc/utc", "etc/gmt": return .utc
        case "local", "system", "default": return .local
        default:
            let rest = name.dropFirst(3)
            guard name.hasPrefix("utc") || name.hasPrefix("gmt"), let sign = rest.first, sign == "+" || sign == "-" else {
                return ZoneRules.named(given).map { .named($0) }
            }
            let parts = rest.dropFirst().split(separator: ":").map { Int($0) }
            guard let hours = parts.first ?? nil, hours < 24 else { return nil }
            let minutes = hours * 60 + (parts.count > 1 ? (parts[1] ?? 0) : 0)
            return .fixed(sign == "-" ? -minutes : minutes)
        }
    }

    /// `±HH:MM`, `±HHMM` or `±H`.
    func offsetText(_ style: Int) -> String {
        let minutes = abs(offset)
        let sign = offset < 0 ? "-" : "+"
        let (hour, minute) = (minutes / 60, minutes % 60)
        switch style {
        case 1: return sign + "\(hour)" + (minute == 0 ? "" : ":" + Self.padded(minute, 2))
        case 3: return sign + Self.padded(hour, 2) + Self.padded(minute, 2)
        default: return sign + Self.padded(hour, 2) + ":" + Self.padded(minute, 2)
        }
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(abs(value))
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    // MARK: ISO 8601

    var isoDate: String {
        let year = civil.year
        let text = year > 9999 || year < 0 ? (year < 0 ? "-" : "+") + Self.padded(abs(year), 6) : Self.padded(year, 4)
        return text + "-" + Self.padded(civil.month, 2) + "-" + Self.padded(civil.day, 2)
    }

    var isoTime: String {
        "\(Self.padded(civil.hour, 2)):\(Self.padded(civil.minute, 2)):\(Self.padded(civil.second, 2)).\(Self.padded(civil.millisecond, 3))"
            + (zone == .utc || zone == .fixed(0) ? "Z" : offsetText(2))
    }

    var iso: String { isoDate + "T" + isoTime }
}

/// A length of time by its units, as `plus` and `minus` take it.
struct TimeSpan: Sendable {
    /// Amounts by unit, in the singular.
    var amounts: [String: Double] = [:]

    /// Units from the longest, with the milliseconds of those whose length is fixed.
    static let units: [(name: String, millis: Double?)] = [
        ("year", nil), ("quarter", nil), ("month", nil), ("week", 604_800_000), ("day", 86_400_000),
        ("hour", 3_600_000), ("minute", 60_000), ("second", 1000), ("millisecond", 1),
    ]

    static func unit(_ name: String) -> String? {
        let lower = name.lowercased()
        let singular = lower.hasSuffix("s") ? String(lower.dropLast()) : lower
        return units.contains { $0.name == singular } ? singular : nil
    }
}

extension DateTime {
    /// Later by a span; months keep the day where the month is long enough.
    func adding(_ span: TimeSpan, sign: Double) -> DateTime {
        guard millis != nil else { return self }
        func amount(_ unit: String) -> Double { sign * (span.amounts[unit] ?? 0) }
        func whole(_ value: Double) -> Int { Int(max(-1e6, min(1e6, value))) }
        var date = civil
        let months = whole(amount("year")) * 12 + whole(amount("quarter")) * 3 + whole(amount("month"))
        if months != 0 {
            let total = date.year * 12 + date.month - 1 + months
            date.year = CivilDate.floorDivide(total, 12)
            date.month = total - date.year * 12 + 1
            date.day = min(date.day, CivilDate.daysInMonth(date.month, date.year))
        }
        // Whole days move the wall's date, so that clocks that change between leave the time of day as it is.
        let days = amount("week").rounded(.towardZero) * 7 + amount("day").rounded(.towardZero)
        var rest = 0.0
        for unit in TimeSpan.units { if let length = unit.millis { rest += amount(unit.name) * length } }
        rest -= days * Double(CivilDate.dayMillis)
        let wall = Double(date.millis) + days * Double(CivilDate.dayMillis)
        guard (wall + rest).magnitude <= 8.64e15, wall.magnitude <= 8.64e15 else { return .invalid("unit out of range") }
        let moment = Self.moment(wall: Int(wall), in: zone, guess: offset)
        return DateTime(millis: moment + Int(rest.rounded(.towardZero)), zone: zone)
    }

    func start(of unit: String) -> DateTime {
        var date = civil
        if unit == "week" { date = CivilDate(millis: date.millis - (CivilDate.weekday(date.days) - 1) * CivilDate.dayMillis) }
        let order = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
        guard let rank = order.firstIndex(of: unit) else { return self }
        date.millisecond = 0
        if rank < 7 { date.second = 0 }
        if rank < 6 { date.minute = 0 }
        if rank < 5 { date.hour = 0 }
        if rank < 3 { date.day = 1 }
        if unit == "quarter" { date.month = (date.month - 1) / 3 * 3 + 1 }
        if unit == "year" { date.month = 1 }
        return at(date)
    }

    func end(of unit: String) -> DateTime {
        var one = TimeSpan()
        one.amounts[unit] = 1
        guard unit != "millisecond", let millis = start(of: unit).adding(one, sign: 1).millis else { return self }
        return DateTime(millis: millis - 1, zone: zone)
    }

    /// The span from `earlier` to this moment in the given units; only the smallest has a fraction.
    func difference(from earlier: DateTime, in units: [String]) -> [(unit: String, amount: Double)] {
        guard let end = millis, var cursor = earlier.millis.map({ DateTime(millis: $0, zone: zone) }) else { return [] }
        let wanted = TimeSpan.units.filter { units.contains($0.name) }
        return wanted.enumerated().map { index, unit in
            let gap = Double(end - (cursor.millis ?? 0))
            let sign = gap < 0 ? -1.0 : 1.0
            if let length = unit.millis, length < 86_400_000 {
                let amount = gap / length
                if index == wanted.count - 1 { return (unit.name, amount) }
                let whole = amount.rounded(.towardZero)
                cursor.millis = (cursor.millis ?? 0) + Int(whole * length)
                return (unit.name, whole)
            }
            // Days and longer: guess from their mean length, then go to where one more is too much.
            func moved(_ count: Double) -> Int {
                cursor.adding(TimeSpan(amounts: [unit.name: count]), sign: 1).millis ?? 0
            }
            let months = unit.name == "year" ? 12.0 : unit.name == "quarter" ? 3.0 : 1.0
            var whole = (gap / (unit.millis ?? months * 2_629_746_000)).rounded(.towardZero)
            // The guess is off by very few; the bound holds at the ends of the calendar too.
            for _ in 0..<12 where whole != 0 && Double(end - moved(whole)) * sign < 0 { whole -= sign }
            for _ in 0..<12 where gap != 0 && Double(end - moved(whole + sign)) * sign >= 0 { whole += sign }
            let reached = moved(whole)
            let step = Double(moved(whole + sign) - reached)
            cursor.millis = reached
            return (unit.name, index == wanted.count - 1 && step != 0 ? whole + sign * Double(end - reached) / step : whole)
        }
    }
}
