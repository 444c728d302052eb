/// A moment of the proleptic Gregorian calendar in UTC, from and to milliseconds since 1970.
@_spi(Engine) public struct CivilDate: Sendable, Equatable {
    @_spi(Engine) public var year: Int
    /// 1...12
    @_spi(Engine) public var month: Int
    @_spi(Engine) public var day: Int
    @_spi(Engine) public var hour = 0
    @_spi(Engine) public var minute = 0
    @_spi(Engine) public var second = 0
    @_spi(Engine) public var millisecond = 0

    @_spi(Engine) public static let dayMillis = 86_400_000

    @_spi(Engine) public init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    @_spi(Engine) public init(millis: Int) {
        let days = Self.floorDivide(millis, Self.dayMillis)
        var rest = millis - days * Self.dayMillis
        (year, month, day) = Self.civil(days)
        hour = rest / 3_600_000
        rest %= 3_600_000
        minute = rest / 60_000
        rest %= 60_000
        second = rest / 1000
        millisecond = rest % 1000
    }

    /// Days since 1970-01-01. Months and days beyond their range carry over, as with JavaScript's `Date.UTC`.
    @_spi(Engine) public static func days(year: Int, month: Int, day: Int) -> Int {
        let carried = floorDivide(month - 1, 12)
        let month = month - carried * 12
        // Counting years from March puts the leap day last.
        let y = year + carried - (month <= 2 ? 1 : 0)
        let era = floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468 + day - 1
    }

    @_spi(Engine) public static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    @_spi(Engine) public var days: Int { Self.days(year: year, month: month, day: day) }

    @_spi(Engine) public var millis: Int {
        days * Self.dayMillis + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
    }

    /// 1 for Monday to 7 for Sunday.
    @_spi(Engine) public static func weekday(_ days: Int) -> Int { (days + 3) - floorDivide(days + 3, 7) * 7 + 1 }

    @_spi(Engine) public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    @_spi(Engine) public static func daysInMonth(_ month: Int, _ year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    @_spi(Engine) public static func floorDivide(_ a: Int, _ b: Int) -> Int {
        let quotient = a / b
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
    }
}

/// Weeks begin on Monday and belong to the year, or month, that holds their Thursday (ISO 8601).
extension CivilDate {
    /// The first day of week 1 of the year (`month` 1) or of the month.
    private static func firstWeek(year: Int, month: Int) -> Int {
        let first = days(year: year, month: month, day: 1)
        let weekday = weekday(first)
        return weekday > 4 ? first + 8 - weekday : first - (weekday - 1)
    }

    /// The ISO week and the year it belongs to.
    @_spi(Engine) public var weekOfYear: (week: Int, year: Int) {
        let found = week(in: (year, 1), step: 12)
        return (found.week, found.year)
    }

    /// The week counted within the month it belongs to, and that month.
    @_spi(Engine) public var weekOfMonth: (week: Int, month: Int) {
        let found = week(in: (year, month), step: 1)
        return (found.week, found.month)
    }

    private func week(in period: (year: Int, month: Int), step: Int) -> (week: Int, year: Int, month: Int) {
        let today = days
        var owner = period
        if today < Self.firstWeek(year: owner.year, month: owner.month) {
            owner.month -= step
        } else if today >= Self.firstWeek(year: owner.year, month: owner.month + step) {
            owner.month += step
        }
        let carried = Self.floorDivide(owner.month - 1, 12)
        (owner.year, owner.month) = (owner.year + carried, owner.month - carried * 12)
        return ((today - Self.firstWeek(year: owner.year, month: owner.month)) / 7 + 1, owner.year, owner.month)
    }

    @_spi(Engine) public var dayOfYear: Int { days - Self.days(year: year, month: 1, day: 1) + 1 }
}
