@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Dates as American English writes them.
enum DateLocale {
    /// - Parameter options: `weekday`, `year`, `month`, `day`, `hour`, `minute`, `second` and `hour12` as JavaScript's
    ///   `toLocaleString` has them (ECMA-402 §11); without any, `1/31/2024`.
    static func text(_ date: DateTime, _ options: JSONObject?) -> String {
        let civil = date.civil
        func style(_ name: String) -> String? { options?[name]?.string }
        func digits(_ value: Int, _ style: String) -> String { DateTime.padded(value, style == "2-digit" ? 2 : 1) }
        let isPlain = ["weekday", "year", "month", "day", "hour", "minute", "second"].allSatisfy { style($0) == nil }
        var year = style("year").map { $0 == "2-digit" ? DateTime.padded(abs(civil.year) % 100, 2) : "\(civil.year)" }
        var month = style("month")
        var day = style("day").map { digits(civil.day, $0) }
        if isPlain { (year, month, day) = ("\(civil.year)", "numeric", "\(civil.day)") }
        let weekday = style("weekday").map { named(DateNames.days[CivilDate.weekday(civil.days) - 1], $0) }
        let isNamed = month.map { ["long", "short", "narrow"].contains($0) } ?? false
        var dateText: String
        if let month, isNamed {
            dateText = [named(DateNames.months[civil.month - 1], month), day].compactMap(\.self).joined(separator: " ")
            if let year { dateText += (day == nil ? " " : ", ") + year }
        } else {
            dateText = [month.map { digits(civil.month, $0) }, day, year].compactMap(\.self).joined(separator: "/")
        }
        dateText = [weekday, dateText.isEmpty ? nil : dateText].compactMap(\.self).joined(separator: ", ")
        let time = time(civil, style, isHalves: options?["hour12"]?.bool ?? true)
        // A full month's name reads on to the time.
        let link = month == "long" ? " at " : ", "
        return [dateText, time].filter { !$0.isEmpty }.joined(separator: link)
    }

    private static func named(_ name: String, _ style: String) -> String {
        style == "narrow" ? String(name.prefix(1)) : style == "short" ? String(name.prefix(3)) : name
    }

    private static func time(_ civil: CivilDate, _ style: (String) -> String?, isHalves: Bool) -> String {
        var parts: [String] = []
        if let hour = style("hour") {
            let shown = isHalves ? (civil.hour % 12 == 0 ? 12 : civil.hour % 12) : civil.hour
            parts.append(DateTime.padded(shown, hour == "2-digit" || !isHalves ? 2 : 1))
        }
        if style("minute") != nil { parts.append(DateTime.padded(civil.minute, parts.isEmpty && style("second") == nil ? 1 : 2)) }
        if style("second") != nil { parts.append(DateTime.padded(civil.second, parts.isEmpty ? 1 : 2)) }
        let text = parts.joined(separator: ":")
        return isHalves && style("hour") != nil ? text + (civil.hour < 12 ? " AM" : " PM") : text
    }

    /// `in 3 days`, `2 hours ago`: by the longest unit of which one is full, or by the given one.
    static func relative(_ date: DateTime, to base: DateTime, unit: String?) -> String {
        let units = unit.map { [$0] } ?? ["year", "month", "day", "hour", "minute", "second"]
        for name in units {
            let amount = date.difference(from: base, in: [name]).first?.amount.rounded(.towardZero) ?? 0
            if amount.magnitude >= 1 || name == units.last {
                let isPast = amount < 0 || amount == 0 && (date.millis ?? 0) < (base.millis ?? 0)
                let count = "\(Int(amount.magnitude)) \(name)" + (amount.magnitude == 1 ? "" : "s")
                return isPast ? count + " ago" : "in " + count
            }
        }
        return ""
    }
}
