@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let dates: [NativeFunction] = [
        NativeFunction("dtFromIso", nil, arity: 2) { c, a in
            if c.hostObject(a[0]) is DateObject { return a[0] }
            guard a[0].isString else { return c.host(DateObject(.invalid)) }
            guard let zone = a[1].isString ? DateTime.zone(named: c.swiftString(a[1])) : .local else {
                return c.host(DateObject(.invalid("unsupported zone")))
            }
            return c.host(DateObject(.iso(c.swiftString(a[0]), zone: zone)))
        },
        NativeFunction("dtFromFormat", nil, arity: 2) { c, a in
            if a[0].isUndefined { return c.host(DateObject(.invalid)) }
            let text = try c.friendly(a[0])?.plainText ?? ""
            let format = a[1].isString ? c.swiftString(a[1]) : ""
            let date: DateTime
            switch format {
            case "ISO": date = .iso(text, zone: .local)
            case "RFC2822": date = DateTokens.mail(text)
            case "fromSeconds":
                let value = a[0].isNumber ? a[0].double : Double(text) ?? .nan
                date = value.magnitude <= 8.64e12 ? DateTime(millis: Int((value * 1000).rounded(.towardZero)), zone: .local) : .invalid
            case "fromMillis":
                let value = a[0].isNumber ? a[0].double : Double(text) ?? .nan
                date = value.magnitude <= 8.64e15 ? DateTime(millis: Int(value), zone: .local) : .invalid
            default: date = DateTokens.parse(text, format, now: Int(c.now))
            }
            return c.host(DateObject(date))
        },
    ]
}

/// What `$dtFromIso` and `$dtFromFormat` give: a date with members and methods; in JSON its ISO 8601 text.
final class DateObject: HostObject {
    let date: DateTime

    init(_ date: DateTime) { self.date = date }

    func json(_ context: Context) -> Value { date.millis == nil ? .null : context.string(date.iso) }

    func member(_ name: Value, _ context: Context) -> Value {
        let name = context.swiftString(name)
        return DateMembers.value(name, date, context) ?? DateMethods.method(name, date, context)
    }
}

/// A span of time with a member for each unit it was asked for.
private final class SpanObject: HostObject {
    private let amounts: [(unit: String, amount: Double)]
    private let millis: Double

    init(_ amounts: [(unit: String, amount: Double)], millis: Double) {
        self.amounts = amounts
        self.millis = millis
    }

    func member(_ name: Value, _ context: Context) -> Value {
        let name = context.swiftString(name)
        let (amounts, millis) = (amounts, millis)
        switch name {
        case "toObject":
            return context.method(name) { c, _ in c.object(amounts.map { ($0.unit + "s", Value($0.amount)) }) }
        case "toMillis", "valueOf": return context.method(name) { _, _ in Value(millis) }
        case "as":
            return context.method(name) { c, a in
                let unit = a[0].isString ? TimeSpan.unit(c.swiftString(a[0])) : nil
                if let known = amounts.first(where: { $0.unit == unit }), amounts.count == 1 { return Value(known.amount) }
                guard let length = TimeSpan.units.first(where: { $0.name == unit })?.millis else { return .undefined }
                return Value(millis / length)
            }
        default:
            guard let unit = TimeSpan.unit(name) else { return .undefined }
            return Value(amounts.first { $0.unit == unit }?.amount ?? 0)
        }
    }

    func json(_ context: Context) -> Value { context.object(amounts.map { ($0.unit + "s", Value($0.amount)) }) }
}

/// The methods of dates.
private enum DateMethods {
    static func method(_ name: String, _ date: DateTime, _ context: Context) -> Value {
        func text(_ text: @escaping @Sendable () -> String) -> Value {
            context.method(name) { c, _ in date.millis == nil ? .null : c.string(text()) }
        }
        func number(_ value: @escaping @Sendable (Int) -> Double) -> Value {
            context.method(name) { _, _ in date.millis.map { Value(value($0)) } ?? .null }
        }
        func moved(_ move: @escaping @Sendable (Context, Arguments) throws -> DateTime) -> Value {
            context.method(name) { c, a in c.host(DateObject(date.millis == nil ? date : try move(c, a))) }
        }
        switch name {
        case "toISO", "toJSON", "toString": return text { date.iso }
        case "toISODate", "toSQLDate": return text { date.isoDate }
        case "toISOTime": return text { date.isoTime }
        case "toISOWeekDate": return text { DateTokens.format(date, "kkkk-'W'WW-c") }
        case "toLocaleString":
            return context.method(name) { c, a in
                c.string(date.millis == nil ? "Invalid DateTime" : DateLocale.text(date, try c.friendly(a[0])?.object))
            }
        case "toRelative":
            return context.method(name) { c, a in
                let options = a[0].isObject ? a[0] : c.object([(String, Value)]())
                let base = options.member(c.string("base"))
                let now = base.isUndefined ? DateTime(millis: Int(c.now), zone: date.zone) : Self.date(c, base)
                let unit = options.member(c.string("unit"))
                guard date.millis != nil, now.millis != nil else { return .null }
                return c.string(DateLocale.relative(date, to: now, unit: unit.isString ? TimeSpan.unit(c.swiftString(unit)) : nil))
            }
        case "toSQL": return text { DateTokens.format(date, "yyyy-MM-dd HH:mm:ss.SSS ZZ") }
        case "toRFC2822": return text { DateTokens.format(date, "EEE, dd LLL yyyy HH:mm:ss ZZZ") }
        case "toHTTP":
            return text { DateTokens.format(DateTime(millis: date.millis, zone: .utc), "EEE, dd LLL yyyy HH:mm:ss 'GMT'") }
        case "toMillis", "valueOf": return number { Double($0) }
        case "toSeconds": return number { Double($0) / 1000 }
        case "toUnixInteger": return number { Double(CivilDate.floorDivide($0, 1000)) }
        case "toFormat":
            return context.method(name) { c, a in c.string(DateTokens.format(date, a[0].isString ? c.swiftString(a[0]) : "")) }
        case "toUTC": return moved { _, _ in DateTime(millis: date.millis, zone: .utc) }
        case "toLocal": return moved { _, _ in DateTime(millis: date.millis, zone: .local) }
        case "toJSDate":
            return moved { _, _ in DateTime(millis: date.millis, zone: .utc) }
        case "setZone":
            return moved { c, a in
                let zone = DateTime.zone(named: a[0].isString ? c.swiftString(a[0]) : "utc")
                return zone.map { DateTime(millis: date.millis, zone: $0) } ?? .invalid("unsupported zone")
            }
        case "plus": return moved { c, a in date.adding(span(c, a[0]), sign: 1) }
        case "minus": return moved { c, a in date.adding(span(c, a[0]), sign: -1) }
        case "startOf": return moved { c, a in date.start(of: try unit(c, a[0])) }
        case "endOf": return moved { c, a in date.end(of: try unit(c, a[0])) }
        case "set": return moved { c, a in set(c, date, a[0]) }
        case "toObject":
            return context.method(name) { c, _ in
                let civil = date.civil
                let fields = [
                    ("year", civil.year), ("month", civil.month), ("day", civil.day), ("hour", civil.hour),
                    ("minute", civil.minute), ("second", civil.second), ("millisecond", civil.millisecond),
                ]
                return c.object(date.millis == nil ? [] : fields.map { ($0.0, Value(Double($0.1))) })
            }
        case "diff", "diffNow":
            return context.method(name, nil, arity: 2) { c, a in
                let isNow = name == "diffNow"
                let other = isNow ? DateTime(millis: Int(c.now), zone: date.zone) : Self.date(c, a[0])
                let named = c.items(a[isNow ? 0 : 1]).filter(\.isString).compactMap { TimeSpan.unit(c.swiftString($0)) }
                let amounts = date.difference(from: other, in: named.isEmpty ? ["millisecond"] : named)
                return c.host(SpanObject(amounts, millis: Double((date.millis ?? 0) - (other.millis ?? 0))))
            }
        case "equals": return context.method(name) { c, a in Value(Self.date(c, a[0]) == date) }
        case "hasSame":
            return context.method(name, nil, arity: 2) { c, a in
                let unit = try unit(c, a[1])
                return Value(date.start(of: unit) == DateTime(millis: Self.date(c, a[0]).millis, zone: date.zone).start(of: unit))
            }
        default: return .undefined
        }
    }

    private static func date(_ c: Context, _ value: Value) -> DateTime {
        if let object = c.hostObject(value) as? DateObject { return object.date }
        if value.isString { return .iso(c.swiftString(value), zone: .local) }
        return value.isNumber ? DateTime(millis: Int(max(-8.64e15, min(8.64e15, value.double))), zone: .local) : .invalid
    }

    private static func span(_ c: Context, _ value: Value) -> TimeSpan {
        var span = TimeSpan()
        if value.isNumber { span.amounts["millisecond"] = value.double }
        if value.isObject {
            for member in value.members where member.value.isNumber {
                if let unit = TimeSpan.unit(c.swiftString(member.key)) { span.amounts[unit] = member.value.double }
            }
        }
        return span
    }

    private static func unit(_ c: Context, _ value: Value) throws -> String {
        guard value.isString, let unit = TimeSpan.unit(c.swiftString(value)) else {
            throw JSONataError("D3149", "a unit of time is needed: year, quarter, month, week, day, hour, minute or second")
        }
        return unit
    }

    private static func set(_ c: Context, _ date: DateTime, _ value: Value) -> DateTime {
        guard value.isObject else { return date }
        var civil = date.civil
        for member in value.members where member.value.isNumber {
            let number = Int(max(-1e6, min(1e6, member.value.double)))
            switch TimeSpan.unit(c.swiftString(member.key)) {
            case "year": civil.year = number
            case "month": civil.month = number
            case "day": civil.day = number
            case "hour": civil.hour = number
            case "minute": civil.minute = number
            case "second": civil.second = number
            case "millisecond": civil.millisecond = number
            default: break
            }
        }
        if value.member(c.string("day")).isUndefined {
            civil.day = min(civil.day, CivilDate.daysInMonth((civil.month - 1) % 12 + 1, civil.year))
        }
        return date.at(civil)
    }
}
