@_spi(Engine) import JSONata

extension DateTime {
    /// Reads ISO 8601: calendar, week and ordinal dates, basic or extended, with a time and an offset if there are any.
    ///
    /// - Parameter zone: where to show it; an offset in the text only says which moment is meant.
    static func iso(_ text: String, zone: Zone) -> DateTime {
        let bytes = Array(text.utf8)
        if let date = iso(bytes, zone) { return date }
        return iso(lowest(bytes), zone) == nil ? .invalid : .invalid("unit out of range")
    }

    /// The text with ones for the digits after the year: what can be read then has the right shape.
    private static func lowest(_ bytes: [UInt8]) -> [UInt8] {
        var lowest = Array(bytes.prefix(4))
        var rest = bytes.dropFirst(4)
        while let byte = rest.first {
            let run = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
            if run.isEmpty { lowest.append(byte) }
            for index in 0..<run.count {
                lowest.append(run.count % 2 == 0 && index % 2 == 0 || index + 1 < run.count && run.count == 3 ? 0x30 : 0x31)
            }
            rest = rest.dropFirst(max(run.count, 1))
        }
        return lowest
    }

    private static func iso(_ bytes: [UInt8], _ zone: Zone) -> DateTime? {
        let cut = bytes.firstIndex { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "t") }
        guard let days = days(bytes[..<(cut ?? bytes.count)]) else { return nil }
        var millis = days * CivilDate.dayMillis
        var offset: Int?
        if let cut {
            guard let time = time(bytes[(cut + 1)...]) else { return nil }
            millis += time.millis
            offset = time.offset
        }
        let moment =
            offset.map { millis - $0 * 60_000 } ?? moment(wall: millis, in: zone, guess: DateTime(millis: millis, zone: zone).offset)
        return DateTime(millis: moment, zone: zone)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    private static func days(_ bytes: ArraySlice<UInt8>) -> Int? {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let first = parts.first, first.count >= 4, let year = number(first.prefix(4)) else { return nil }
        var fields = first.count > 4 ? [first.dropFirst(4)] : Array(parts.dropFirst())
        if parts.count > 1, first.count > 4 { return nil }
        // Basic forms: YYYYMMDD, YYYYMM, YYYYDDD, YYYYWww, YYYYWwwD.
        if first.count > 4, let only = fields.first {
            if only.first == UInt8(ascii: "W") {
                fields = only.count > 3 ? [only.prefix(3), only.dropFirst(3)] : [only]
            } else if only.count == 4 {
                fields = [only.prefix(2), only.dropFirst(2)]
            }
        }
        guard let next = fields.first else { return CivilDate.days(year: year, month: 1, day: 1) }
        if next.first == UInt8(ascii: "W") {
            guard let week = number(next.dropFirst()), (1...53).contains(week) else { return nil }
            let day = fields.count > 1 ? number(fields[1]) : 1
            guard let day, (1...7).contains(day) else { return nil }
            let fourth = CivilDate.days(year: year, month: 1, day: 4)
            return fourth - (CivilDate.weekday(fourth) - 1) + (week - 1) * 7 + day - 1
        }
        guard let value = number(next) else { return nil }
        if next.count == 3 {
            guard (1...(CivilDate.isLeap(year) ? 366 : 365)).contains(value) else { return nil }
            return CivilDate.days(year: year, month: 1, day: value)
        }
        let day = fields.count > 1 ? number(fields[1]) : 1
        guard (1...12).contains(value), let day, day >= 1, day <= CivilDate.daysInMonth(value, year), fields.count < 3 else { return nil }
        return CivilDate.days(year: year, month: value, day: day)
    }

    private static func time(_ bytes: ArraySlice<UInt8>) -> (millis: Int, offset: Int?)? {
        var body = bytes
        var offset: Int?
        if let last = body.last, last | 0x20 == UInt8(ascii: "z") {
            body = body.dropLast()
            offset = 0
        } else if let mark = body.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            let digits = body[mark...].dropFirst().filter { $0 != UInt8(ascii: ":") }
            guard digits.count == 2 || digits.count == 4, let value = number(digits[...]) else { return nil }
            let minutes = digits.count == 2 ? value * 60 : value / 100 * 60 + value % 100
            offset = body[mark] == UInt8(ascii: "-") ? -minutes : minutes
            body = body[..<mark]
        }
        var millis = 0
        if let point = body.firstIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) {
            guard number(body[point...].dropFirst()) != nil else { return nil }
            let digits = Array(body[point...].dropFirst().prefix(3)) + [0x30, 0x30]
            millis = number(digits.prefix(3)) ?? 0
            body = body[..<point]
        }
        let digits = body.filter { $0 != UInt8(ascii: ":") }
        guard [2, 4, 6].contains(digits.count), let value = number(digits[...]) else { return nil }
        let padded = digits.count == 2 ? value * 10_000 : digits.count == 4 ? value * 100 : value
        let (hour, minute, second) = (padded / 10_000, padded / 100 % 100, padded % 100)
        guard hour < 24 || (hour == 24 && padded == 240_000), minute < 60, second < 60 else { return nil }
        return (((hour * 60 + minute) * 60 + second) * 1000 + millis, offset)
    }
}
