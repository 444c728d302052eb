@_spi(Engine) import JSONata

/// Moments as vendors write them, in the one form that unified records have.
enum WireTime {
    /// Milliseconds since 1970 of an epoch in seconds or milliseconds.
    ///
    /// From 10^11 on it is milliseconds: that many seconds lie beyond the year 5000, that many milliseconds in 1973.
    static func epoch(_ number: Double) -> Int? {
        let millis = number.magnitude < 1e11 ? number * 1000 : number
        return millis.magnitude <= 8.64e15 ? Int(millis.rounded(.towardZero)) : nil
    }

    /// ISO 8601 with any offset, a date alone, `2024-05-01 10:00:00 UTC`, an epoch as text, `/Date(1714557600000)/`;
    /// nil for any other text.
    ///
    /// - Parameter zone: of a text that has no offset.
    static func millis(_ text: String, zone: DateTime.Zone) -> Int? {
        var text = text.trimmingSpace
        if text.hasPrefix("/Date("), text.hasSuffix(")/") {
            // An offset in it only says where the moment was written down.
            let inside = text.dropFirst(6).dropLast(2)
            let digits = inside.prefix(1) + inside.dropFirst().prefix { $0.isASCII && $0.isNumber }
            return Double(String(digits)).flatMap { $0.magnitude <= 8.64e15 ? Int($0) : nil }
        }
        if text.utf8.count >= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(text).flatMap(epoch) }
        for name in ["UTC", "GMT"] where text.hasSuffix(name) { text = String(text.dropLast(name.count)).trimmingSpace + "Z" }
        if let space = text.firstIndex(of: " ") {
            text.replaceSubrange(space...space, with: "T")
            text.removeAll { $0 == " " }
        }
        return DateTime.iso(text, zone: zone).millis
    }

    /// As `millis(_: String, zone:)`, of the form that most vendors use: `2024-05-01T10:00:00Z`, with or without a fraction.
    ///
    /// Lists have hundreds of these, so they are read where they lie.
    /// - Returns: nil for any other form, and for what is no date.
    static func millis(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard matches(bytes.prefix(19), "0000-00-00T00:00:00"), bytes.last == UInt8(ascii: "Z"),
            let fraction = milliseconds(bytes[19..<(bytes.count - 1)])
        else { return nil }
        func number(_ from: Int, _ digits: Int) -> Int {
            bytes[from..<(from + digits)].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        var date = CivilDate(year: number(0, 4), month: number(5, 2), day: number(8, 2))
        (date.hour, date.minute, date.second) = (number(11, 2), number(14, 2), number(17, 2))
        date.millisecond = fraction
        guard (1...12).contains(date.month), date.day >= 1, date.day <= CivilDate.daysInMonth(date.month, date.year),
            date.hour < 24, date.minute < 60, date.second < 60
        else { return nil }
        return date.millis
    }

    /// What a fraction with its point says, cut to milliseconds; 0 for none, nil for more than nanoseconds and for what is none.
    private static func milliseconds(_ fraction: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        if fraction.isEmpty { return 0 }
        let digits = fraction.dropFirst()
        guard fraction.first == UInt8(ascii: "."), (1...9).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        let cut = digits.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return digits.count == 1 ? cut * 100 : digits.count == 2 ? cut * 10 : cut
    }

    /// Bytes of what `write` writes.
    static let length = 24

    /// Whether there is a text of the moment: not outside the years 0 to 9999.
    static func hasText(_ millis: Int) -> Bool { (-62_167_219_200_000..<253_402_300_800_000).contains(millis) }

    /// Writes `2024-05-01T10:00:00.000Z`.
    static func write(_ millis: Int, to text: UnsafeMutablePointer<UInt8>) {
        let form = StaticString("0000-00-00T00:00:00.000Z")
        text.update(from: form.utf8Start, count: length)
        func put(_ value: Int, _ last: Int) {
            var (rest, at) = (value, last)
            while rest > 0 {
                text[at] = 0x30 + UInt8(rest % 10)
                (rest, at) = (rest / 10, at - 1)
            }
        }
        let date = CivilDate(millis: millis)
        put(date.year, 3)
        put(date.month, 6)
        put(date.day, 9)
        put(date.hour, 12)
        put(date.minute, 15)
        put(date.second, 18)
        put(date.millisecond, 22)
    }

    /// Whether the text already is what `write` makes: most vendors send that.
    static func isNormal(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { matches(bytes[...], "0000-00-00T00:00:00.000Z") }

    /// Whether the bytes are those of `form`, with any digit for each zero.
    private static func matches(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ form: StaticString) -> Bool {
        guard bytes.count == form.utf8CodeUnitCount else { return false }
        return zip(bytes, UnsafeBufferPointer(start: form.utf8Start, count: form.utf8CodeUnitCount)).allSatisfy {
            $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
