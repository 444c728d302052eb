import JSON

extension Builtins {
    static let pictures: [NativeFunction] = [
        NativeFunction("round", "<n-n?:n>") { _, a in
            if a[0].isUndefined { return .undefined }
            let places = a[1].isUndefined ? 0 : a[1].double
            return Value(Rounding.halfEven(a[0].double, precision: Int(max(-1000, min(1000, places)))))
        },
        NativeFunction("formatBase", "<n-n?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try BaseText.text(a[0].double, base: a[1].isUndefined ? 10 : a[1].double))
        },
        NativeFunction("formatNumber", "<n-so?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            if a[2].isUndefined { return c.string(try c.state.pointee.pictures.number(a[1]).format(a[0].double)) }
            var symbols = NumberSymbols()
            for index in 0..<a[2].count {
                let member = a[2].members[index]
                if member.value.isString { symbols.set(c.text(member.key), to: c.text(member.value)) }
            }
            return c.string(try NumberPicture(c.text(a[1]), symbols: symbols).format(a[0].double))
        },
        NativeFunction("formatInteger", "<n-s:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            return c.string(try c.state.pointee.pictures.integer(a[1]).format(a[0].double))
        },
        NativeFunction("parseInteger", "<s-s:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            return Value(try c.state.pointee.pictures.integer(a[1]).parse(c.text(a[0])))
        },
        NativeFunction("fromMillis", "<n-s?s?:s>") { c, a in
            a[0].isUndefined ? .undefined : try Timestamps.format(c, a[0].double, a[1], a[2])
        },
        NativeFunction("now", "<s?s?:s>") { c, a in try Timestamps.format(c, c.now, a[0], a[1]) },
        NativeFunction("toMillis", "<s-s?:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            if a[1].isUndefined { return Value(try ISOTimestamp.millis(a[0].bytes)) }
            let picture = try c.state.pointee.pictures.date(a[1])
            return try picture.parse(a[0].bytes, now: Int(c.now), c.regexScratch).map { Value($0) } ?? .undefined
        },
    ]
}

private enum Timestamps {
    static func format(_ c: Context, _ millis: Double, _ picture: Value, _ zone: Value) throws -> Value {
        // The range of ECMA-262 §21.4.1.1.
        guard millis.magnitude <= 8.64e15 else {
            throw JSONataError("D3110", "the number of milliseconds is beyond what a date can be")
        }
        let moment = Int(millis)
        let offset = zone.isUndefined ? 0 : DatePicture.offset(c.text(zone))
        guard picture.isUndefined else {
            return c.string(try c.state.pointee.pictures.date(picture).format(moment, offset: offset))
        }
        if offset == 0 {
            let bytes = c.arena.allocate(ISOTimestamp.length).assumingMemoryBound(to: UInt8.self)
            if ISOTimestamp.write(moment, to: bytes) {
                return Value(
                    string: bytes, count: ISOTimestamp.length, flags: Value.Flag.clean | Value.Flag.ascii
                )
            }
        }
        return c.string(try DatePicture.standard.format(moment, offset: offset))
    }
}

extension Context {
    fileprivate func text(_ string: Value) -> String { String(decoding: string.bytes, as: UTF8.self) }
}
