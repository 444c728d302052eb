extension DatePicture {
    /// Writes a moment by the picture.
    ///
    /// - Parameters:
    ///   - millis: milliseconds since 1970 in UTC.
    ///   - offset: the time zone to show it in, in minutes east.
    /// - Throws: `D3133` for a component that has no names, `D3134` for a time zone of more than four digits.
    func format(_ millis: Int, offset: Int = 0) throws(JSONataError) -> [UInt8] {
        let date = CivilDate(millis: millis + offset * 60_000)
        var output: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let text): output += text
            case .marker(let marker): output += Array(try text(of: marker, date, offset).utf8)
            }
        }
        return output
    }

    /// The time zone argument of `$fromMillis`, ±HHMM, in minutes.
    static func offset(_ zone: String) -> Int {
        var value = 0
        var digits = 0
        for byte in zone.utf8.drop(while: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            guard byte >= 0x30, byte <= 0x39, digits < 6 else { break }
            value = value * 10 + Int(byte - 0x30)
            digits += 1
        }
        let minutes = value / 100 * 60 + value % 100
        return zone.utf8.first == UInt8(ascii: "-") ? -minutes : minutes
    }

    private func text(of marker: Marker, _ date: CivilDate, _ offset: Int) throws(JSONataError) -> String {
        switch marker.component {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return try zone(marker, offset)
        case UInt8(ascii: "P"):
            let half = date.hour >= 12 ? "pm" : "am"
            return marker.names == .upper ? half.uppercased() : half
        case UInt8(ascii: "C"), UInt8(ascii: "E"): return "ISO"
        default: break
        }
        var value = date.component(marker.component)
        if marker.component == UInt8(ascii: "Y"), let digits = marker.yearDigits, digits < 10 {
            var power = 1
            for _ in 0..<digits { power *= 10 }
            value %= power
        }
        guard let names = marker.names else {
            return try marker.integer.map { integer throws(JSONataError) in try integer.format(Double(value)) } ?? ""
        }
        guard let all = DateNames.names(of: marker.component) else {
            throw JSONataError(
                "D3133",
                "The 'name' modifier can only be applied to months and days in the date/time picture string, not \(Character(Unicode.Scalar(marker.component)))"
            )
        }
        var name = all[value - 1]
        switch names {
        case .upper: name = name.uppercased()
        case .lower: name = name.lowercased()
        case .title: break
        }
        return marker.mostWidth.map { String(name.prefix($0)) } ?? name
    }

    private func zone(_ marker: Marker, _ offset: Int) throws(JSONataError) -> String {
        guard let integer = marker.integer else { return "" }
        guard integer.regular != nil || integer.mandatoryDigits <= 4 else {
            throw JSONataError("D3134", "The timezone integer format specifier cannot have more than four digits")
        }
        if offset == 0, marker.zulu { return "Z" }
        let hours = offset.magnitude / 60
        let minutes = offset.magnitude % 60
        var text = offset < 0 ? "-" : "+"
        if integer.regular != nil {
            text += try integer.format(Double(hours * 100 + minutes))
        } else {
            switch integer.mandatoryDigits {
            case 1, 2:
                text += try integer.format(Double(hours))
                if minutes != 0 { text += ":" + (minutes < 10 ? "0" : "") + "\(minutes)" }
            default: text += try integer.format(Double(hours * 100 + minutes))
            }
        }
        return (marker.component == UInt8(ascii: "z") ? "GMT" : "") + text
    }
}

extension CivilDate {
    /// The component that a picture names with this letter, as a number.
    func component(_ letter: UInt8) -> Int {
        switch letter {
        case UInt8(ascii: "Y"): year
        case UInt8(ascii: "M"): month
        case UInt8(ascii: "D"): day
        case UInt8(ascii: "d"): dayOfYear
        case UInt8(ascii: "F"): Self.weekday(days)
        case UInt8(ascii: "W"): weekOfYear.week
        case UInt8(ascii: "X"): weekOfYear.year
        case UInt8(ascii: "w"): weekOfMonth.week
        case UInt8(ascii: "x"): weekOfMonth.month
        case UInt8(ascii: "H"): hour
        case UInt8(ascii: "h"): hour % 12 == 0 ? 12 : hour % 12
        case UInt8(ascii: "P"): hour >= 12 ? 1 : 0
        case UInt8(ascii: "m"): minute
        case UInt8(ascii: "s"): second
        case UInt8(ascii: "f"): millisecond
        default: 0
        }
    }
}

@_spi(Engine) public enum DateNames {
    @_spi(Engine) public static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    @_spi(Engine) public static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// The names of a component's values from 1 on.
    static func names(of component: UInt8) -> [String]? {
        switch component {
        case UInt8(ascii: "M"), UInt8(ascii: "x"): months
        case UInt8(ascii: "F"): days
        default: nil
        }
    }
}
