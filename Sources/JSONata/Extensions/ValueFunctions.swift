import JSON

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
            case .string:
                let text = c.swiftString(a[0]).trimmingSpace
                if text.isEmpty { return Value(0.0) }
                return Double(text).map { Value($0) } ?? .null
            default: return .null
            }
        },
        NativeFunction("wrap", nil, arity: 3) { c, a in
            let start = try c.friendly(a[1])?.plainText ?? ""
            let end = c.isTruthy(a[2]) ? try c.friendly(a[2])?.plainText ?? "" : start
            return c.string(start + (a[0].tag == .null ? "" : try c.friendly(a[0])?.plainText ?? "") + end)
        },
        NativeFunction("jsonParse", nil, arity: 1) { c, a in
            guard a[0].isString, let value = try? JSONValue.parse(a[0].bytes) else { return a[0].isUndefined ? .undefined : .null }
            return c.value(value)
        },
        NativeFunction("uuid", nil, arity: 0) { c, _ in c.string(randomUUID()) },
        NativeFunction("convertCurrencyToSubunit", "<n-s:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            return Value((a[0].double * Currency.subunits(c.swiftString(a[1]))).rounded())
        },
        NativeFunction("convertCurrencyFromSubunit", "<n-s:n>") { c, a in
            if a[0].isUndefined { return .undefined }
            return Value(a[0].double / Currency.subunits(c.swiftString(a[1])))
        },
    ]

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

/// Minor units of ISO 4217.
enum Currency {
    private static let none: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
    ]
    private static let thousand: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

    static func subunits(_ code: String) -> Double {
        let code = code.uppercased()
        return none.contains(code) ? 1 : thousand.contains(code) ? 1000 : code == "CLF" || code == "UYW" ? 10_000 : 100
    }
}

extension String {
    /// Without white space at either end.
    var trimmingSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
