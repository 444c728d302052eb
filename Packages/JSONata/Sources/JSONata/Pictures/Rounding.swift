/// Rounding as `$round` does it.
enum Rounding {
    /// `value` to `precision` decimal places (negative: powers of ten), halves to the even neighbour.
    ///
    /// The point is moved in the decimal text rather than by multiplying, so that 4.515 is a half though its double is
    /// not.
    static func halfEven(_ value: Double, precision: Int = 0) -> Double {
        guard value.isFinite else { return value }
        if precision == 0 { return clean(value.rounded(.toNearestOrEven)) }
        let shifted = ShortestDecimal(value).shifted(by: min(max(precision, -400), 400))
        guard shifted.isFinite else { return value }
        let whole = shifted.rounded(.toNearestOrEven)
        return clean(ShortestDecimal(whole).shifted(by: -min(max(precision, -400), 400)))
    }

    /// As `halfEven`, but NaN where the point cannot be moved as far as that.
    static func shifted(_ value: Double, precision: Int) -> Double {
        if precision == 0 { return halfEven(value) }
        guard value.isFinite, ShortestDecimal(value).shifted(by: precision).isFinite else { return .nan }
        return halfEven(value, precision: precision)
    }

    private static func clean(_ value: Double) -> Double { value == 0 ? 0 : value }

    /// The digits of `value` with exactly `places` after the point, which is left out where `places` is 0: `toFixed`.
    ///
    /// - Precondition: `value` is finite, not negative and already rounded to `places`.
    static func fixed(_ value: Double, places: Int) -> (whole: [UInt8], fraction: [UInt8]) {
        if value == value.rounded(.towardZero) {
            return (ExactDecimal.digits(ofWhole: value), Array(repeating: 0x30, count: places))
        }
        if value * pow10(places) >= 9_007_199_254_740_992 {
            // More digits are asked for than the shortest text has: the double's own.
            var digits = ExactDecimal.fixed(value, places: places)
            if digits.count <= places { digits.insert(contentsOf: Array(repeating: 0x30, count: places + 1 - digits.count), at: 0) }
            return (Array(digits[..<(digits.count - places)]), Array(digits[(digits.count - places)...]))
        }
        let decimal = ShortestDecimal(value)
        var digits = Array(String(decimal.digits).utf8)
        if decimal.point <= 0 { digits.insert(contentsOf: Array(repeating: 0x30, count: 1 - decimal.point), at: 0) }
        let split = max(decimal.point, 1)
        while digits.count < split + places { digits.append(0x30) }
        return (Array(digits[..<split]), Array(digits[split..<(split + places)]))
    }

    private static func pow10(_ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<min(exponent, 400) { power *= 10 }
        return power
    }
}
