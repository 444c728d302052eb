@_spi(Engine) import JSONata

/// Format strings in which letters stand for parts of a date, `yyyy-LL-dd HH:mm`; text between `'` stands for itself.
enum DateTokens {
    enum Token: Equatable {
        case literal(String)
        case field(String)
    }

    static func tokens(_ format: String) -> [Token] {
        var tokens: [Token] = []
        var literal = ""
        var field = ""
        var isQuoted = false
        func flush() {
            if !literal.isEmpty { tokens.append(.literal(literal)) }
            if !field.isEmpty { tokens.append(.field(field)) }
            (literal, field) = ("", "")
        }
        for character in format {
            if character == "'" {
                if !isQuoted { flush() }
                isQuoted.toggle()
            } else if isQuoted || !(character.isASCII && character.isLetter) {
                if !field.isEmpty { flush() }
                literal.append(character)
            } else {
                if let last = field.last, last != character { flush() }
                if !literal.isEmpty { flush() }
                field.append(character)
            }
        }
        flush()
        return tokens
    }

    static func format(_ date: DateTime, _ format: String) -> String {
        guard date.millis != nil else { return "Invalid DateTime" }
        return tokens(format).map { token in
            switch token {
            case .literal(let text): text
            case .field(let name): text(name, date)
            }
        }.joined()
    }

    private static func text(_ field: String, _ date: DateTime) -> String {
        let civil = date.civil
        let width = field.utf8.count
        func number(_ value: Int) -> String { DateTime.padded(value, width > 1 ? width : 1) }
        let hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        let month = DateNames.months[civil.month - 1]
        let weekday = CivilDate.weekday(civil.days)
        let half = civil.hour < 12 ? "AM" : "PM"
        switch field {
        case "S", "SSS": return number(civil.millisecond)
        case "u": return DateTime.padded(civil.millisecond, 3)
        case "uu": return DateTime.padded(civil.millisecond / 10, 2)
        case "uuu": return "\(civil.millisecond / 100)"
        case "s", "ss": return number(civil.second)
        case "m", "mm": return number(civil.minute)
        case "h", "hh": return number(hour12)
        case "H", "HH": return number(civil.hour)
        case "Z": return date.offsetText(1)
        case "ZZ": return date.offsetText(2)
        case "ZZZ": return date.offsetText(3)
        case "ZZZZ", "ZZZZZ": return date.offsetName
        case "z": return date.zoneName
        case "a": return half
        case "d", "dd": return number(civil.day)
        case "c", "E": return "\(weekday)"
        case "ccc", "EEE": return String(DateNames.days[weekday - 1].prefix(3))
        case "cccc", "EEEE": return DateNames.days[weekday - 1]
        case "ccccc", "EEEEE": return String(DateNames.days[weekday - 1].prefix(1))
        case "L", "LL", "M", "MM": return number(civil.month)
        case "LLL", "MMM": return String(month.prefix(3))
        case "LLLL", "MMMM": return month
        case "LLLLL", "MMMMM": return String(month.prefix(1))
        case "y": return "\(civil.year)"
        case "yy": return DateTime.padded(abs(civil.year) % 100, 2)
        case "yyyy", "yyyyyy": return number(civil.year)
        case "G": return civil.year > 0 ? "AD" : "BC"
        case "kk", "kkkk": return DateTime.padded(width == 2 ? civil.weekOfYear.year % 100 : civil.weekOfYear.year, width)
        case "W", "WW": return number(civil.weekOfYear.week)
        case "o", "ooo": return number(civil.dayOfYear)
        case "q", "qq": return number((civil.month - 1) / 3 + 1)
        case "X": return "\(CivilDate.floorDivide(date.millis ?? 0, 1000))"
        case "x": return "\(date.millis ?? 0)"
        case "D": return "\(civil.month)/\(civil.day)/\(civil.year)"
        case "DD": return "\(month.prefix(3)) \(civil.day), \(civil.year)"
        case "DDD": return "\(month) \(civil.day), \(civil.year)"
        case "DDDD": return "\(DateNames.days[weekday - 1]), \(month) \(civil.day), \(civil.year)"
        case "t": return "\(hour12):\(DateTime.padded(civil.minute, 2)) \(half)"
        case "tt": return "\(hour12):\(DateTime.padded(civil.minute, 2)):\(DateTime.padded(civil.second, 2)) \(half)"
        case "T": return "\(DateTime.padded(civil.hour, 2)):\(DateTime.padded(civil.minute, 2))"
        case "TT": return "\(DateTime.padded(civil.hour, 2)):\(DateTime.padded(civil.minute, 2)):\(DateTime.padded(civil.second, 2))"
        default: return field
        }
    }
}
