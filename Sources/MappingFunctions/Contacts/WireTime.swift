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

    /// `2024-05-01T10:00:00.000Z`; nil outside the years 0 to 9999.
    static func text(_ millis: Int) -> String? {
        (-62_167_219_200_000..<253_402_300_800_000).contains(millis) ? DateTime(millis: millis, zone: .utc).iso : nil
    }

    /// Whether the text already is what `text` makes: most vendors send that.
    static func isNormal(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let form = StaticString("0000-00-00T00:00:00.000Z")
        guard bytes.count == form.utf8CodeUnitCount else { return false }
        return (0..<bytes.count).allSatisfy { at in
            let expected = form.utf8Start[at]
            return expected == UInt8(ascii: "0") ? (0x30...0x39).contains(bytes[at]) : bytes[at] == expected
        }
    }
}
