@_spi(Engine) import JSON

extension Builtins {
    static let pictures: [NativeFunction] = [
        NativeFunction("round", "<n-n?:n>") { _, a in
            if a[0].isUndefined { return .undefined }
            let precision = a[1].isUndefined ? 0 : a[1].double
            // JavaScript reads no number whose exponent is not written in plain digits.
            guard precision == precision.rounded(), precision.magnitude < 1e21 else { return Value(Double.nan) }
            return Value(Rounding.shifted(a[0].double, precision: Int(max(-1000, min(1000, precision)))))
        },
        NativeFunction("formatBase", "<n-n?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try BaseText.text(a[0].double, base: a[1].isUndefined ? 10 : a[1].double))
        },
        NativeFunction("formatNumber", "<n-so?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            let text = a[1].isUndefined ? c.string("") : a[1]
            guard a[2].isObject else {
                if let plain = try c.state.pointee.pictures.plainNumbers.picture(text, { PlainNumberPicture($0) }) {
                    let bytes = c.arena.allocate(PlainNumberPicture.longest).assumingMemoryBound(to: UInt8.self)
                    let count = plain.write(a[0].double, to: bytes)
                    if count > 0 {
                        return Value(string: bytes, count: count, flags: Value.Flag.clean | Value.Flag.ascii)
                    }
                }
                let picture = try c.state.pointee.pictures.numbers.picture(text) { text throws(JSONataError) in
                    try NumberPicture(text)
                }
                return c.string(picture.format(a[0].double))
            }
            var symbols = NumberSymbols()
            let length = a[2].members.reduce(text.count) { $1.value.isString ? $0 + $1.value.count : $0 }
            guard length <= PictureLimit.longest else { throw PictureLimit.fault }
            for option in a[2].members where option.value.isString { symbols.set(option.key.text, to: option.value.text) }
            return c.string(try NumberPicture(text.text, symbols: symbols).format(a[0].double))
        },
        NativeFunction("formatInteger", "<n-s:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try integerPicture(c, a[1]).format(a[0].double.rounded(.down)))
        },
        NativeFunction("parseInteger", "<s-s:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            return Value(try integerPicture(c, a[1]).parse(a[0].text))
        },
        NativeFunction("fromMillis", "<n-s?s?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            return try timestamp(c, a[0].double, a[1], a[2])
        },
        NativeFunction("toMillis", "<s-s?:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            guard !a[1].isUndefined else { return Value(try ISOTimestamp.millis(a[0].bytes)) }
            let now = Int(c.now)
            let parsed = try datePicture(c, a[1]).parse(a[0].bytes, now: now, c.regexScratch)
            return parsed.map { Value($0) } ?? .undefined
        },
        NativeFunction("now", "<s?s?:s>") { c, a in try timestamp(c, c.now, a[0], a[1]) },
    ]

    private static func integerPicture(_ c: Context, _ text: Value) throws -> IntegerPicture {
        try c.state.pointee.pictures.integers.picture(text.isUndefined ? c.string("") : text) {
            text throws(JSONataError) in try IntegerPicture(text)
        }
    }

    private static func datePicture(_ c: Context, _ text: Value) throws -> DatePicture {
        try c.state.pointee.pictures.dates.picture(text) { text throws(JSONataError) in try DatePicture(text) }
    }

    /// A moment as text: by the picture, or as ISO 8601 in UTC.
    private static func timestamp(_ c: Context, _ millis: Double, _ picture: Value, _ zone: Value) throws -> Value {
        // The range of JavaScript's dates.
        guard millis.magnitude <= 8.64e15 else {
            throw JSONataError("D3110", "the time is out of range", value: .number(JSONNumber(millis)))
        }
        let offset = zone.isUndefined ? 0 : DatePicture.offset(zone.text)
        // Whole milliseconds of the moment as it is shown.
        let moment = Int((millis + Double(offset) * 6e4).rounded(.towardZero)) - offset * 60_000
        if picture.isUndefined, zone.isUndefined {
            let bytes = c.arena.allocate(ISOTimestamp.length).assumingMemoryBound(to: UInt8.self)
            if ISOTimestamp.write(moment, to: bytes) {
                return Value(string: bytes, count: ISOTimestamp.length, flags: Value.Flag.clean | Value.Flag.ascii)
            }
        }
        if !picture.isUndefined, zone.isUndefined,
            let plain = try c.state.pointee.pictures.plainDates.picture(picture, { PlainDatePicture($0) })
        {
            let bytes = c.arena.allocate(max(plain.longest, 1)).assumingMemoryBound(to: UInt8.self)
            if plain.write(moment, to: bytes) {
                return Value(string: bytes, count: plain.longest, flags: StringFlags.of(bytes, plain.longest))
            }
        }
        let text = picture.isUndefined ? c.string("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]") : picture
        let written = try datePicture(c, text).format(moment, offset: offset)
        if !zone.isUndefined, ScriptInteger.parse(Array(zone.text.utf16)).isNaN {
            throw JSONataError("D3143", "a time zone is written as hours and minutes: +0530", value: .string(zone.text))
        }
        return c.string(written)
    }
}
