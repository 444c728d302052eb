@_spi(Engine) import JSON

extension Builtins {
    static let numbers: [NativeFunction] = [
        NativeFunction("number", "<(nsb)-:n>") { c, a in try NumberReading.number(c, a[0]) },
        NativeFunction("abs", "<n-:n>") { _, a in a[0].isUndefined ? .undefined : Value(abs(a[0].double)) },
        NativeFunction("floor", "<n-:n>") { _, a in
            a[0].isUndefined ? .undefined : Value(a[0].double.rounded(.down))
        },
        NativeFunction("ceil", "<n-:n>") { _, a in a[0].isUndefined ? .undefined : Value(a[0].double.rounded(.up)) },
        NativeFunction("sqrt", "<n-:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            guard a[0].double >= 0 else {
                throw JSONataError(
                    "D3060", "a negative number has no square root", value: try c.friendly(a[0]), index: 1
                )
            }
            return Value(a[0].double.squareRoot())
        },
        NativeFunction("power", "<n-n:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            let result = Exponent.power(a[0].double, a[1].isUndefined ? .nan : a[1].double)
            guard result.isFinite else {
                throw JSONataError("D3061", "the power is out of range", value: try c.friendly(a[0]), index: 1)
            }
            return Value(result)
        },
        NativeFunction("random", "<:n>") { _, _ in Value(Double.random(in: 0..<1)) },
    ]

    static let aggregates: [NativeFunction] = [
        NativeFunction("sum", "<a<n>:n>") { _, a in
            if a[0].isUndefined { return .undefined }
            var total = 0.0
            for item in a[0].elements { total += item.double }
            return Value(total)
        },
        NativeFunction("count", "<a:n>") { _, a in Value(a[0].isUndefined ? 0 : Double(a[0].count)) },
        NativeFunction("max", "<a<n>:n>") { _, a in
            guard !a[0].isUndefined, a[0].count > 0 else { return .undefined }
            return Value(a[0].elements.reduce(-Double.infinity) { max($0, $1.double) })
        },
        NativeFunction("min", "<a<n>:n>") { _, a in
            guard !a[0].isUndefined, a[0].count > 0 else { return .undefined }
            return Value(a[0].elements.reduce(Double.infinity) { min($0, $1.double) })
        },
        NativeFunction("average", "<a<n>:n>") { _, a in
            guard !a[0].isUndefined, a[0].count > 0 else { return .undefined }
            return Value(a[0].elements.reduce(0) { $0 + $1.double } / Double(a[0].count))
        },
    ]
}

/// `$number`.
enum NumberReading {
    static func number(_ c: Context, _ value: Value) throws -> Value {
        switch value.tag {
        case .undefined, .number: return value
        case .true: return Value(1.0)
        case .false: return Value(0.0)
        case .string:
            if let number = double(value.bytes) { return Value(number) }
            fallthrough
        default:
            throw JSONataError("D3030", "this cannot be read as a number", value: try c.friendly(value), index: 1)
        }
    }

    static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? { decimal(bytes) ?? prefixed(bytes) }

    /// A number in JSON's grammar, leading zeros allowed.
    private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var at = 0
        func digits() -> Bool {
            let start = at
            while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
            return at > start
        }
        if at < bytes.count, bytes[at] == 0x2D { at += 1 }
        if !digits() { return nil }
        if at < bytes.count, bytes[at] == 0x2E {
            at += 1
            if !digits() { return nil }
        }
        if at < bytes.count, bytes[at] | 0x20 == 0x65 {
            at += 1
            if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
            if !digits() { return nil }
        }
        guard at == bytes.count, at > 0 else { return nil }
        let value = NumberBytes.double(bytes.baseAddress!, bytes.count)
        return value.isFinite ? value : nil
    }

    /// Hexadecimal, octal or binary with its prefix.
    private static func prefixed(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard bytes.count > 2, bytes[0] == 0x30 else { return nil }
        let radix: Double
        switch bytes[1] | 0x20 {
        case UInt8(ascii: "x"): radix = 16
        case UInt8(ascii: "o"): radix = 8
        case UInt8(ascii: "b"): radix = 2
        default: return nil
        }
        var value = 0.0
        for byte in bytes[2...] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, Double(digit) < radix else { return nil }
            value = value * radix + Double(digit)
        }
        return value
    }
}
