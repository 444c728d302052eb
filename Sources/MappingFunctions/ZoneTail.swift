@_spi(Engine) import JSONata

/// A zone's rule for all years to come, as in `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX.1-2017 §8.3).
struct ZoneTail: Sendable {
    /// The last or an earlier weekday of a month, and the second of that day on the wall.
    struct Change: Sendable, Equatable {
        var month: Int
        /// 1 to 5, where 5 is the last.
        var week: Int
        /// 0 for Sunday.
        var weekday: Int
        var second = 7200
    }

    let standard: ZoneRules.Period
    private(set) var summer: ZoneRules.Period?
    private(set) var begin = Change(month: 3, week: 2, weekday: 0)
    private(set) var end = Change(month: 11, week: 1, weekday: 0)

    /// Nil where the text is no such rule.
    init?(_ text: String) {
        var rest = text[...]
        guard let name = Self.name(&rest), let west = Self.seconds(&rest) else { return nil }
        standard = ZoneRules.Period(offset: -west / 60, abbreviation: name)
        guard let second = Self.name(&rest) else { return }
        let offset = rest.first == "," || rest.isEmpty ? -west + 3600 : -(Self.seconds(&rest) ?? west)
        let parts = rest.split(separator: ",")
        guard parts.count == 2, let begin = Self.change(parts[0]), let end = Self.change(parts[1]) else { return }
        summer = ZoneRules.Period(offset: offset / 60, abbreviation: second)
        (self.begin, self.end) = (begin, end)
    }

    func period(at second: Int) -> ZoneRules.Period {
        guard let summer else { return standard }
        let year = CivilDate(millis: (second + standard.offset * 60) * 1000).year
        let start = Self.moment(begin, year) - standard.offset * 60
        let stop = Self.moment(end, year) - summer.offset * 60
        // In the south summer spans the turn of the year.
        let isSummer = start < stop ? second >= start && second < stop : second >= start || second < stop
        return isSummer ? summer : standard
    }

    private static func moment(_ change: Change, _ year: Int) -> Int {
        let first = CivilDate.days(year: year, month: change.month, day: 1)
        let weekday = CivilDate.weekday(first) % 7
        var day = (change.weekday - weekday + 7) % 7 + (change.week - 1) * 7
        while day >= CivilDate.daysInMonth(change.month, year) { day -= 7 }
        return (first + day) * 86_400 + change.second
    }

    private static func name(_ rest: inout Substring) -> String? {
        if rest.first == "<" {
            guard let close = rest.firstIndex(of: ">") else { return nil }
            defer { rest = rest[close...].dropFirst() }
            return String(rest[..<close].dropFirst())
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : String(name)
    }

    /// `[±]h[h][:mm[:ss]]` in seconds.
    private static func seconds(_ rest: inout Substring) -> Int? {
        let text = rest.prefix { $0.isNumber || $0 == ":" || $0 == "+" || $0 == "-" }
        rest = rest.dropFirst(text.count)
        let parts = text.drop { $0 == "+" || $0 == "-" }.split(separator: ":").map { Int($0) ?? 0 }
        guard let hours = parts.first, hours <= 167 else { return nil }
        let value = hours * 3600 + (parts.count > 1 ? parts[1] * 60 : 0) + (parts.count > 2 ? parts[2] : 0)
        return text.hasPrefix("-") ? -value : value
    }

    private static func change(_ text: Substring) -> Change? {
        let halves = text.split(separator: "/", maxSplits: 1)
        guard let date = halves.first, date.first == "M" else { return nil }
        let numbers = date.dropFirst().split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]), (0...6).contains(numbers[2])
        else { return nil }
        var change = Change(month: numbers[0], week: numbers[1], weekday: numbers[2])
        if halves.count > 1 {
            var time = halves[1]
            guard let second = seconds(&time) else { return nil }
            change.second = second
        }
        return change
    }
}
