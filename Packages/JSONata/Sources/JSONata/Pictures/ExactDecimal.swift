/// A number of any size as numerator × 2^twos × 10^tens: for the rare roundings that shortest digits cannot decide.
struct ExactDecimal {
    /// Little-endian words.
    private var words: [UInt32]
    private var twos: Int
    private var tens: Int

    init(_ digits: UInt64, exponent: Int) {
        words = [UInt32(truncatingIfNeeded: digits), UInt32(truncatingIfNeeded: digits >> 32)]
        (twos, tens) = (0, exponent)
    }

    /// - Precondition: `value` is finite and not negative.
    init(_ value: Double) {
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        words = [UInt32(truncatingIfNeeded: significand), UInt32(truncatingIfNeeded: significand >> 32)]
        twos = (value.isNormal ? Int(value.exponentBitPattern) : 1) - 1075
        tens = 0
    }

    func isLess(than other: ExactDecimal) -> Bool {
        var left = self
        var right = other
        let twos = min(left.twos, right.twos)
        let tens = min(left.tens, right.tens)
        for _ in 0..<(left.twos - twos) { left.multiply(by: 2) }
        for _ in 0..<(right.twos - twos) { right.multiply(by: 2) }
        for _ in 0..<(left.tens - tens) { left.multiply(by: 10) }
        for _ in 0..<(right.tens - tens) { right.multiply(by: 10) }
        let count = max(left.words.count, right.words.count)
        for index in stride(from: count - 1, through: 0, by: -1) {
            let one = index < left.words.count ? left.words[index] : 0
            let two = index < right.words.count ? right.words[index] : 0
            if one != two { return one < two }
        }
        return false
    }

    private mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for index in words.indices {
            let product = UInt64(words[index]) * UInt64(factor) + carry
            words[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry != 0 { words.append(UInt32(carry)) }
    }

    /// All digits of a whole double, most significant first, as ASCII.
    static func digits(ofWhole value: Double) -> [UInt8] {
        if value < 9_007_199_254_740_992 { return Array(String(UInt64(value)).utf8) }
        var number = ExactDecimal(value)
        for _ in 0..<max(number.twos, 0) { number.multiply(by: 2) }
        return number.wholeDigits()
    }

    /// The digits of `value × 10^places`, rounded to a whole number, halves up: JavaScript's `toFixed`.
    static func fixed(_ value: Double, places: Int) -> [UInt8] {
        var number = ExactDecimal(value)
        for _ in 0..<places { number.multiply(by: 10) }
        for _ in 0..<max(number.twos, 0) { number.multiply(by: 2) }
        if number.twos < 0 { number.halve(-number.twos) }
        let digits = number.wholeDigits()
        return digits.isEmpty ? [0x30] : digits
    }

    /// Divides by `2^times`, rounding halves up.
    private mutating func halve(_ times: Int) {
        let bit = times - 1
        let up = bit / 32 < words.count && words[bit / 32] >> UInt32(bit % 32) & 1 == 1
        words.removeFirst(min(times / 32, words.count))
        let shift = UInt32(times % 32)
        if shift > 0 {
            for index in words.indices {
                let above = index + 1 < words.count ? words[index + 1] : 0
                words[index] = words[index] >> shift | above << (32 - shift)
            }
        }
        guard up else { return }
        var index = 0
        while true {
            if index == words.count { words.append(0) }
            words[index] &+= 1
            if words[index] != 0 { return }
            index += 1
        }
    }

    private func wholeDigits() -> [UInt8] {
        var number = self
        var digits: [UInt8] = []
        while number.words.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in number.words.indices.reversed() {
                let current = remainder << 32 | UInt64(number.words[index])
                number.words[index] = UInt32(current / 10)
                remainder = current % 10
            }
            digits.append(0x30 + UInt8(remainder))
        }
        return digits.reversed()
    }
}
