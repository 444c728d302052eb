/// ISO 8601 timestamps: `$toMillis` without a picture, and what `$fromMillis` writes by default.
enum ISOTimestamp {
    /// Milliseconds since 1970 of a timestamp as the reference takes it: what JavaScript's `Date.parse` reads, in the
    /// shapes YYYY, YYYY-MM, YYYY-MM-DD, each with THH:MM:SS, a fraction and an offset as wanted.
    ///
    /// Without an offset the time is UTC. Days run to 31 in every month and carry over.
    ///
    /// - Returns: NaN for text of that shape that is no moment, as the month 13.
    /// - Throws: `D3110` for other text.
    static func millis(_ text: UnsafeBufferPointer<UInt8>) throws(JSONataError) -> Double {
        guard let millis = parse(text) else {
            if isShaped(text) { return .nan }
            throw JSONataError(
                "D3110", "The argument of $toMillis must be an ISO 8601 timestamp: \(String(decoding: text, as: UTF8.self))"
            )
        }
        return Double(millis)
    }

    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var at = 0
        func digits(_ count: Int) -> Int? {
            guard at + count <= text.count else { return nil }
            var value = 0
            for byte in text[at..<(at + count)] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            at += count
            return value
        }
        func skip(_ byte: UInt8) -> Bool {
            guard at < text.count, text[at] == byte else { return false }
            at += 1
            return true
        }
        guard let year = digits(4) else { return nil }
        var date = CivilDate(year: year, month: 1, day: 1)
        var offset = 0
        if skip(UInt8(ascii: "-")) {
            guard let month = digits(2), (1...12).contains(month) else { return nil }
            date.month = month
            if skip(UInt8(ascii: "-")) {
                guard let day = digits(2), (1...31).contains(day) else { return nil }
                date.day = day
            }
        }
        if skip(UInt8(ascii: "T")) {
            guard let hour = digits(2), skip(UInt8(ascii: ":")), let minute = digits(2), skip(UInt8(ascii: ":")),
                let second = digits(2), minute < 60, second < 60
            else { return nil }
            (date.hour, date.minute, date.second) = (hour, minute, second)
            if skip(UInt8(ascii: ".")) {
                guard let fraction = fraction(text, &at) else { return nil }
                date.millisecond = fraction
            }
            guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && date.millisecond == 0) else { return nil }
        }
        if at < text.count, !skip(UInt8(ascii: "Z")) {
            let isNegative = text[at] == UInt8(ascii: "-")
            guard skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-")), let hours = digits(2), hours < 24 else { return nil }
            _ = skip(UInt8(ascii: ":"))
            guard let minutes = digits(2), minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (isNegative ? -1 : 1)
        }
        return at == text.count ? date.millis - offset * 60_000 : nil
    }

    /// Whether the text has the reference's shape of a timestamp, in which parts may be missing or repeated.
    private static func isShaped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        /// Skips text like `shape`: 9 stands for any digit, another digit for one up to it.
        func skip(_ shape: StaticString) -> Bool {
            let shape = UnsafeBufferPointer(start: shape.utf8Start, count: shape.utf8CodeUnitCount)
            guard at + shape.count <= text.count else { return false }
            for (index, wanted) in shape.enumerated() {
                let byte = text[at + index]
                guard byte == wanted || byte >= 0x30 && byte < wanted && wanted <= 0x39 else { return false }
            }
            at += shape.count
            return true
        }
        guard skip("9999") else { return false }
        while skip("-19") {}
        while skip("-39") {}
        while skip("T29:59:59") {}
        if skip(".9") { while skip("9") {} }
        if at < text.count, !skip("Z") {
            guard skip("+29") || skip("-29") else { return false }
            _ = skip(":")
            guard skip("59") else { return false }
        }
        return at == text.count
    }

    /// Digits after the point as milliseconds; those beyond the third do not count.
    private static func fraction(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Int? {
        var value = 0
        var count = 0
        while at < text.count, text[at] >= 0x30, text[at] <= 0x39 {
            if count < 3 { value = value * 10 + Int(text[at] - 0x30) }
            count += 1
            at += 1
        }
        while count > 0, count < 3 {
            value *= 10
            count += 1
        }
        return count == 0 ? nil : value
    }

    /// The length of a timestamp of a four-digit year in UTC.
    static let length = 24

    /// Writes YYYY-MM-DDTHH:MM:SS.mmmZ to `output`, which has room for `length` bytes; false for other years.
    static func write(_ millis: Int, to output: UnsafeMutablePointer<UInt8>) -> Bool {
        let date = CivilDate(millis: millis)
        guard date.year >= 0, date.year <= 9999 else { return false }
        func put(_ value: Int, _ count: Int, at index: Int) {
            var value = value
            for place in stride(from: index + count - 1, through: index, by: -1) {
                output[place] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
                value /= 10
            }
        }
        put(date.year, 4, at: 0)
        put(date.month, 2, at: 5)
        put(date.day, 2, at: 8)
        put(date.hour, 2, at: 11)
        put(date.minute, 2, at: 14)
        put(date.second, 2, at: 17)
        put(date.millisecond, 3, at: 20)
        output[4] = UInt8(ascii: "-")
        output[7] = UInt8(ascii: "-")
        output[10] = UInt8(ascii: "T")
        output[13] = UInt8(ascii: ":")
        output[16] = UInt8(ascii: ":")
        output[19] = UInt8(ascii: ".")
        output[23] = UInt8(ascii: "Z")
        return true
    }
}
