@_spi(Engine) import JSONata

extension DateTokens {
    /// Reads text by a format; invalid where it does not fit.
    ///
    /// - Parameter now: milliseconds since 1970: what the text leaves out before its largest part is as now.
    static func parse(_ text: String, _ format: String, now: Int) -> DateTime {
        var rest = text[...]
        var found: [Character: Int] = [:]
        for token in tokens(format) {
            switch token {
            case .literal(let literal):
                guard rest.hasPrefix(literal) else { return .invalid }
                rest = rest.dropFirst(literal.count)
            case .field(let field):
                guard read(field, &rest, &found) else { return .invalid }
            }
        }
        return rest.isEmpty ? assemble(found, now: CivilDate(millis: now)) : .invalid
    }

    private static func read(_ field: String, _ rest: inout Substring, _ found: inout [Character: Int]) -> Bool {
        func digits(_ least: Int, _ most: Int) -> Int? {
            let run = rest.prefix(most).prefix { $0.isASCII && $0.isNumber }
            guard run.count >= least, let value = Int(run) else { return nil }
            rest = rest.dropFirst(run.count)
            return value
        }
        func name(_ names: [String]) -> Int? {
            for (index, name) in names.enumerated() where rest.lowercased().hasPrefix(name.lowercased()) {
                rest = rest.dropFirst(name.count)
                return index + 1
            }
            return nil
        }
        func keep(_ key: Character, _ value: Int?) -> Bool {
            found[key] = value
            return value != nil
        }
        switch field {
        case "y": return keep("y", digits(1, 6))
        case "yy": return keep("y", digits(2, 2).map { $0 > 60 ? 1900 + $0 : 2000 + $0 })
        case "yyyy": return keep("y", digits(4, 4))
        case "L", "M": return keep("M", digits(1, 2))
        case "LL", "MM": return keep("M", digits(2, 2))
        case "LLL", "MMM": return keep("M", name(DateNames.months.map { String($0.prefix(3)) }))
        case "LLLL", "MMMM": return keep("M", name(DateNames.months))
        case "d": return keep("d", digits(1, 2))
        case "dd": return keep("d", digits(2, 2))
        case "o": return keep("o", digits(1, 3))
        case "ooo": return keep("o", digits(3, 3))
        case "H": return keep("H", digits(1, 2))
        case "HH": return keep("H", digits(2, 2))
        case "h": return keep("h", digits(1, 2))
        case "hh": return keep("h", digits(2, 2))
        case "m": return keep("m", digits(1, 2))
        case "mm": return keep("m", digits(2, 2))
        case "s": return keep("s", digits(1, 2))
        case "ss": return keep("s", digits(2, 2))
        case "S": return keep("S", digits(1, 3))
        case "SSS": return keep("S", digits(3, 3))
        case "u":
            let run = rest.prefix(9).prefix { $0.isASCII && $0.isNumber }
            guard !run.isEmpty else { return false }
            rest = rest.dropFirst(run.count)
            return keep("S", Int((run + "00").prefix(3)))
        case "a": return keep("a", name(["AM", "PM"]))
        case "ccc", "EEE": return name(DateNames.days.map { String($0.prefix(3)) }) != nil
        case "cccc", "EEEE": return name(DateNames.days) != nil
        case "c", "E": return digits(1, 1) != nil
        case "Z", "ZZ", "ZZZ", "z": return keep("Z", zone(&rest))
        case "X", "x":
            let isNegative = rest.hasPrefix("-")
            if isNegative { rest = rest.dropFirst() }
            guard let value = digits(1, 16) else { return false }
            return keep("x", (isNegative ? -value : value) * (field == "X" ? 1000 : 1))
        default: return false
        }
    }

    /// Minutes east.
    private static func zone(_ rest: inout Substring) -> Int? {
        for name in ["UTC", "GMT", "Z", "z"] where rest.hasPrefix(name) {
            rest = rest.dropFirst(name.count)
            return 0
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
        let run = rest.dropFirst().prefix { $0.isNumber || $0 == ":" }
        let digits = run.filter { $0 != ":" }
        guard !digits.isEmpty, digits.count <= 4, let value = Int(digits) else { return nil }
        rest = rest.dropFirst(1 + run.count)
        let minutes = digits.count <= 2 ? value * 60 : value / 100 * 60 + value % 100
        return sign == "-" ? -minutes : minutes
    }

    private static func assemble(_ found: [Character: Int], now: CivilDate) -> DateTime {
        if let millis = found["x"] { return DateTime(millis: millis, zone: .local) }
        var date = CivilDate(year: found["y"] ?? now.year, month: 1, day: 1)
        let hasYear = found["y"] != nil
        let hasMonth = found["M"] != nil
        date.month = found["M"] ?? (hasYear || found["o"] != nil ? 1 : now.month)
        date.day = found["d"] ?? (hasYear || hasMonth || found["o"] != nil ? 1 : now.day)
        if let hour = found["h"] {
            guard hour <= 23 else { return .invalid }
            date.hour = found["a"] == nil ? hour : hour % 12 + (found["a"] == 2 ? 12 : 0)
        } else {
            date.hour = found["H"] ?? 0
        }
        date.minute = found["m"] ?? 0
        date.second = found["s"] ?? 0
        date.millisecond = found["S"] ?? 0
        guard (1...12).contains(date.month), (1...CivilDate.daysInMonth(date.month, date.year)).contains(date.day),
            date.hour < 24, date.minute < 60, date.second < 60
        else { return .invalid }
        var millis = date.millis
        if let day = found["o"] { millis += (day - 1) * CivilDate.dayMillis }
        return DateTime(millis: millis - (found["Z"] ?? 0) * 60_000, zone: .local)
    }

    /// Mail dates (RFC 5322 §3.3).
    static func mail(_ text: String) -> DateTime {
        var words = text.split { $0 == " " || $0 == "," }.map(String.init)
        if let first = words.first, !(first.first?.isNumber ?? false) { words.removeFirst() }
        guard words.count >= 4 else { return .invalid }
        let clock = words[3].split(separator: ":").count == 2 ? words[3] + ":00" : words[3]
        let zone = words.count > 4 ? words[4] : "Z"
        return parse("\(words[0]) \(words[1]) \(words[2]) \(clock) \(zone)", "d MMM y HH:mm:ss ZZZ", now: 0)
    }
}
