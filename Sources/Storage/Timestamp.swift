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
