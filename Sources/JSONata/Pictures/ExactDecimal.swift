/// The digits of whole doubles, all of them: beyond 2^53 the shortest text leaves some out.
struct ExactDecimal {
    /// Little-endian words.
    private var words: [UInt32]

    private mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for index in words.indices {
            let product = UInt64(words[index]) * UInt64(factor) + carry
            words[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry != 0 { words.append(UInt32(carry)) }
    }

    /// All digits of a whole double that is not negative, most significant first, as ASCII.
    static func digits(ofWhole value: Double) -> [UInt8] {
        if value < 9_007_199_254_740_992 { return Array(String(UInt64(value)).utf8) }
        let significand = value.significandBitPattern | 1 << 52
        var number = ExactDecimal(
            words: [UInt32(truncatingIfNeeded: significand), UInt32(truncatingIfNeeded: significand >> 32)]
        )
        for _ in 0..<(Int(value.exponentBitPattern) - 1075) { number.multiply(by: 2) }
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
