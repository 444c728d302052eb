/// Moments as the wire shows them: ISO 8601 in UTC with milliseconds, whatever precision and offset a provider uses.
enum WireTimestamp {
    /// `2026-11-28T07:22:22.296999Z` and `2026-11-28T09:22:22+02:00` in the form of the wire. Nil where the text has that
    /// form already, and where it has no offset, such as a date alone: which moment it means is not known here.
    static func normalized(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { normalized($0) }
    }

    /// As `normalized(_: String)`, of UTF-8.
    static func normalized(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var parser = Parser(bytes: bytes)
        return parser.run()
    }

    private struct Parser {
        let bytes: UnsafeBufferPointer<UInt8>
        var at = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        mutating func run() -> String? {
            if isNormal { return nil }
            guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
                skip("T") || skip("t") || skip(" "), let hour = digits(2), skip(":"), let minute = digits(2), skip(":"),
                let second = digits(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60,
                let milliseconds = fraction(), let offset = offset(), at == bytes.count
            else { return nil }
            let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset
            return Self.text(minutes: minutes, second: second, milliseconds: milliseconds)
        }

        /// `YYYY-MM-DDTHH:MM:SS.mmmZ`: what most providers send, so that nothing is done for it.
        private var isNormal: Bool {
            bytes.count == 24 && bytes[10] == UInt8(ascii: "T") && bytes[19] == UInt8(ascii: ".")
                && bytes[23] == UInt8(ascii: "Z")
        }

        private mutating func digits(_ count: Int) -> Int? {
            guard at + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[at..<(at + count)] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            at += count
            return value
        }

        private mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
            at += 1
            return true
        }

        /// Milliseconds, cut and not rounded: a record must not seem younger than it is.
        private mutating func fraction() -> Int? {
            guard skip(".") || skip(",") else { return 0 }
            var (value, count) = (0, 0)
            while let digit = digits(1) {
                if count < 3 { value = value * 10 + digit }
                count += 1
            }
            guard count > 0 else { return nil }
            while count < 3 { (value, count) = (value * 10, count + 1) }
            return value
        }

        /// Minutes east of UTC.
        private mutating func offset() -> Int? {
            if skip("Z") || skip("z") { return 0 }
            let isWest = at < bytes.count && bytes[at] == UInt8(ascii: "-")
            guard skip("+") || skip("-"), let hours = digits(2), hours < 24 else { return nil }
            _ = skip(":")
            guard let minutes = at == bytes.count ? 0 : digits(2), minutes < 60 else { return nil }
            return (hours * 60 + minutes) * (isWest ? -1 : 1)
        }

        /// Days since 0000-03-01 of the Gregorian calendar; years are counted from March, so that a leap day is the last.
        private func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
            let year = month < 3 ? year - 1 : year
            return 365 * year + floor(year, 4) - floor(year, 100) + floor(year, 400) + (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        }

        private func floor(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

        private static func text(minutes: Int, second: Int, milliseconds: Int) -> String? {
            // From year -1 on, where an offset leads back over new year's day, there is no such text.
            guard minutes >= 306 * 1440 else { return nil }
            var (days, minute) = (minutes / 1440, minutes % 1440)
            var year = days * 400 / 146_097
            func start(_ year: Int) -> Int { 365 * year + year / 4 - year / 100 + year / 400 }
            while start(year) > days { year -= 1 }
            while start(year + 1) <= days { year += 1 }
            days -= start(year)
            let march = (5 * days + 2) / 153
            let day = days - (153 * march + 2) / 5 + 1
            let month = march < 10 ? march + 3 : march - 9
            if month < 3 { year += 1 }
            let hour = minute / 60
            minute %= 60
            func padded(_ value: Int, _ width: Int) -> String {
                let digits = String(value)
                return String(repeating: "0", count: max(0, width - digits.count)) + digits
            }
            guard year <= 9999 else { return nil }
            return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):"
                + "\(padded(second, 2)).\(padded(milliseconds, 3))Z"
        }
    }
}
