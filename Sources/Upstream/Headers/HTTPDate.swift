/// Dates of HTTP in their three spellings (RFC 9110 §5.6.7).
package enum HTTPDate {
    /// Seconds since 1970; nil for what is not a date of a known spelling.
    package static func seconds(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        // IMF-fixdate `Sun, 06 Nov 1994 08:49:37 GMT`, RFC 850 `Sunday, 06-Nov-94 08:49:37 GMT`.
        if words.count == 6, words[5] == "GMT" || words[5] == "UTC" {
            guard let day = number(words[1], digits: 1...2), let month = months.firstIndex(of: words[2]),
                let year = year(words[3]), let time = secondsOfDay(words[4])
            else { return nil }
            return days(year, month + 1, day).map { $0 * 86400 + time }
        }
        // asctime `Sun Nov  6 08:49:37 1994`.
        if words.count == 5 {
            guard let month = months.firstIndex(of: words[1]), let day = number(words[2], digits: 1...2),
                let time = secondsOfDay(words[3]), let year = number(words[4], digits: 4...4)
            else { return nil }
            return days(year, month + 1, day).map { $0 * 86400 + time }
        }
        return nil
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int64(text)
    }

    /// A year of two digits is taken as the nearest: 00–69 after 2000, 70–99 after 1900.
    private static func year(_ text: String) -> Int64? {
        if let year = number(text, digits: 4...4) { return year }
        return number(text, digits: 2...2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
    }

    private static func secondsOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], digits: 2...2),
            let minute = number(parts[1], digits: 2...2), let second = number(parts[2], digits: 2...2),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted with years that begin in March.
    private static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64? {
        guard (1...31).contains(day) else { return nil }
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
