/// Whole numbers in other bases: `$formatBase`.
enum BaseText {
    /// - Throws: `D3100` for a base outside 2...36.
    static func text(_ value: Double, base: Double = 10) throws(JSONataError) -> [UInt8] {
        let radix = Rounding.halfEven(base)
        guard radix >= 2, radix <= 36 else {
            throw JSONataError("D3100", "The base of $formatBase must be between 2 and 36")
        }
        var rest = Rounding.halfEven(value).magnitude
        let isNegative = Rounding.halfEven(value) < 0
        guard rest.isFinite else { return Array((isNegative ? "-Infinity" : value.isNaN ? "NaN" : "Infinity").utf8) }
        if rest < 9_007_199_254_740_992 {
            return Array(((isNegative ? "-" : "") + String(UInt64(rest), radix: Int(radix))).utf8)
        }
        var digits: [UInt8] = []
        while rest >= 1 {
            let digit = rest.truncatingRemainder(dividingBy: radix)
            digits.append(contentsOf: String(Int(digit), radix: Int(radix)).utf8)
            rest = ((rest - digit) / radix).rounded(.towardZero)
        }
        return (isNegative ? [UInt8(ascii: "-")] : []) + digits.reversed()
    }
}
