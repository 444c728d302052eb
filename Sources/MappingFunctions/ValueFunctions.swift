@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let values: [NativeFunction] = [
        NativeFunction("firstNonEmpty", nil, arity: 8) { _, a in
            for index in 0..<a.count where !a[index].isUndefined && a[index].tag != .null { return a[index] }
            return .undefined
        },
        NativeFunction("toNumber", nil, arity: 1) { c, a in
            switch a[0].tag {
            case .undefined, .number: return a[0]
            case .true: return Value(1.0)
            case .false, .null: return Value(0.0)
            default:
                let number = ScriptNumber.whole(try c.plainText(a[0]))
                return number.isFinite ? Value(number) : .null
            }
        },
        NativeFunction("wrap", nil, arity: 3) { c, a in
            let start = try c.joinedText(a[1])
            let end = c.isTruthy(a[2]) ? try c.joinedText(a[2]) : start
            return c.string(start + (try c.joinedText(a[0])) + end)
        },
        NativeFunction("jsonParse", nil, arity: 1) { c, a in
            if a[0].isUndefined { return .undefined }
            if a[0].isString { return (try? JSONValue.parse(a[0].bytes)).map { c.value($0) } ?? .null }
            return (try? JSONValue.parse(Array(c.plainText(a[0]).utf8))).map { c.value($0) } ?? .null
        },
        NativeFunction("uuid", nil, arity: 0) { c, _ in c.string(randomUUID()) },
        NativeFunction("convertCurrencyToSubunit", nil, arity: 2) { c, a in
            guard let (amount, digits) = try money(c, a) else { return a[0] }
            var scale = 1.0
            for _ in 0..<digits { scale *= 10 }
            let subunits = (amount * scale).rounded(.down)
            return subunits.isFinite ? Value(subunits) : .null
        },
        NativeFunction("convertCurrencyFromSubunit", nil, arity: 2) { c, a in
            guard let (amount, digits) = try money(c, a) else { return a[0] }
            var scale = 1.0
            for _ in 0..<digits { scale *= 10 }
            return c.string(Currency.fixed(amount / scale, digits: digits))
        },
    ]

    /// The amount, a number or text that begins with one, and the digits of its currency; nil where the amount is
    /// missing or the currency is not known, and the amount stays as it is.
    private static func money(_ c: Context, _ a: Arguments) throws -> (amount: Double, digits: Int)? {
        guard !a[0].isUndefined, a[0].tag != .null, a[1].isString, let digits = Currency.digits(c.swiftString(a[1]))
        else { return nil }
        return (a[0].isNumber ? a[0].double : ScriptNumber.leading(try c.plainText(a[0])), digits)
    }

    /// A version 4 UUID (RFC 9562 §5.4).
    static func randomUUID() -> String {
        let high = UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000
        let low = UInt64.random(in: .min ... .max) & ~(3 << 62) | 1 << 63
        func hex(_ value: UInt64, _ digits: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: digits - text.count) + text
        }
        return [hex(high >> 32, 8), hex(high >> 16 & 0xFFFF, 4), hex(high & 0xFFFF, 4), hex(low >> 48, 4), hex(low & 0xFFFF_FFFF_FFFF, 12)]
            .joined(separator: "-")
    }
}

extension String {
    /// Whether each byte is a character, but for line ends of two.
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// Without white space at either end.
    var trimmingSpace: String {
        // Most have none, which two bytes tell: no character begins with a letter of ASCII and is a space.
        if let first = utf8.first, let last = utf8.last, first.isASCIIText, last.isASCIIText { return self }
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension UInt8 {
    /// Whether a byte of ASCII is what Unicode calls white space.
    var isASCIISpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    /// Whether this is ASCII and no white space.
    fileprivate var isASCIIText: Bool { self < 0x80 && !isASCIISpace }
}
