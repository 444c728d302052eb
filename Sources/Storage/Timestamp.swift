/// A moment in UTC, to the millisecond.
///
/// Stored and shown as ISO 8601 with exactly three fraction digits, so that texts sort as the moments do.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var millisecondsSinceEpoch: Int64

    package init(millisecondsSinceEpoch: Int64) { self.millisecondsSinceEpoch = millisecondsSinceEpoch }

    package static func < (a: Self, b: Self) -> Bool { a.millisecondsSinceEpoch < b.millisecondsSinceEpoch }

    /// The moment this many seconds later; earlier for a negative number.
    package func adding(seconds: Int64) -> Self { Self(millisecondsSinceEpoch: millisecondsSinceEpoch + seconds * 1000) }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-01-31T23:59:59.000Z`, for the years 0000 to 9999.
    package var text: String {
        let (days, inDay) = Self.floorDivide(millisecondsSinceEpoch, by: 86_400_000)
        let (year, month, day) = Self.civil(daysSinceEpoch: days)
        let seconds = inDay / 1000
        let pieces: [(value: Int64, width: Int, behind: UInt8)] = [
            (year, 4, UInt8(ascii: "-")), (month, 2, UInt8(ascii: "-")), (day, 2, UInt8(ascii: "T")),
            (seconds / 3600, 2, UInt8(ascii: ":")), (seconds / 60 % 60, 2, UInt8(ascii: ":")), (seconds % 60, 2, UInt8(ascii: ".")),
            (inDay % 1000, 3, UInt8(ascii: "Z")),
        ]
        // Only years of four digits sort as the moments do; longer ones are written all the same.
        return (0...9999).contains(year) ? Self.written(pieces[...]) : "\(year)-" + Self.written(pieces.dropFirst())
    }

    /// Numbers in so many digits, each with a character behind it: in one piece, as every row of the log has such a text.
    private static func written(_ pieces: ArraySlice<(value: Int64, width: Int, behind: UInt8)>) -> String {
        String(unsafeUninitializedCapacity: 24) { text in
            var at = 0
            for (value, width, behind) in pieces {
                var rest = value
                for place in (at..<at + width).reversed() {
                    text.initializeElement(at: place, to: UInt8(ascii: "0") + UInt8(rest % 10))
                    rest /= 10
                }
                text.initializeElement(at: at + width, to: behind)
                at += width + 1
            }
            return at
        }
    }

    package var description: String { text }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The proleptic Gregorian date, counted in 400-year eras whose years start in March so that the leap day is last.
    private static func civil(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(daysSinceEpoch + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Timestamp {
    /// Reads ISO 8601: a date, or a date and a time with seconds, optional fraction, and `Z` or a numeric offset.
    ///
    /// A fraction finer than a millisecond is cut. Nil where the text is no such moment.
    package init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
            let day = scanner.digits(2), (1...12).contains(month),
            (1...Self.daysIn(month: month, year: year)).contains(day)
        else { return nil }
        var milliseconds = Self.daysSinceEpoch(year, month, day) * 86_400_000
        if !scanner.isAtEnd {
            guard scanner.take("T") || scanner.take("t") || scanner.take(" "), let time = scanner.timeOfDay(),
                let offset = scanner.offset()
            else { return nil }
            milliseconds += time - offset
        }
        guard scanner.isAtEnd else { return nil }
        self.init(millisecondsSinceEpoch: milliseconds)
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    mutating func digit() -> Int64? {
        guard at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) else { return nil }
        defer { at += 1 }
        return Int64(bytes[at] - UInt8(ascii: "0"))
    }

    mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Milliseconds into the day.
    mutating func timeOfDay() -> Int64? {
        guard let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if take(".") {
            guard let first = digit() else { return nil }
            fraction = first * 100
            var scale: Int64 = 10
            while let digit = digit() {
                fraction += digit * scale
                scale /= 10
            }
        }
        return ((hour * 60 + minute) * 60 + second) * 1000 + fraction
    }

    /// Milliseconds ahead of UTC.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hour = digits(2) else { return nil }
        _ = take(":")
        guard let minute = digits(2), hour < 24, minute < 60 else { return nil }
        return sign * (hour * 60 + minute) * 60_000
    }
}
