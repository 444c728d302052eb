/// Numbers as JavaScript prints them (ECMA-262 §6.1.6.1.20).
enum NumberText {
    /// What the longest text takes (25 bytes), and room to work in.
    static let longest = 64

    /// Writes `value` to `output`, which has room for `longest` bytes, and returns how many it wrote.
    ///
    /// NaN and infinities have names, as in JavaScript; whoever writes JSON treats them before.
    static func write(_ value: Double, to output: UnsafeMutablePointer<UInt8>) -> Int {
        if value > -9_007_199_254_740_992, value < 9_007_199_254_740_992, value == value.rounded(.towardZero) {
            return write(integer: Int64(value), to: output)
        }
        if !value.isFinite {
            return write(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity", to: output)
        }
        return write(ShortestDecimal(value), to: output)
    }

    static func append(_ value: Double, to output: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { buffer in
            // A temporary allocation that is not empty always has an address.
            let count = write(value, to: buffer.baseAddress!)
            output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[0..<count]))
        }
    }

    static func write(integer: Int64, to output: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = integer.magnitude
        var count = 1
        var limit: UInt64 = 10
        while rest >= limit, count < 19 {
            count &+= 1
            limit &*= 10
        }
        if rest >= limit { count &+= 1 }
        let start = integer < 0 ? 1 : 0
        if start == 1 { output[0] = UInt8(ascii: "-") }
        var index = start &+ count
        repeat {
            index &-= 1
            output[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest != 0
        return start &+ count
    }

    private static func write(_ text: StaticString, to output: UnsafeMutablePointer<UInt8>) -> Int {
        output.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }

    static func write(_ decimal: ShortestDecimal, to output: UnsafeMutablePointer<UInt8>) -> Int {
        var at = 0
        func put(_ byte: UInt8) {
            output[at] = byte
            at &+= 1
        }
        func putZeros(_ count: Int) {
            for _ in 0..<max(count, 0) { put(0x30) }
        }
        // At most 17 digits, kept beyond the longest text.
        let digits = output + 40
        var rest = decimal.digits
        for index in stride(from: decimal.count - 1, through: 0, by: -1) {
            digits[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        let count = decimal.count
        let point = decimal.point
        if decimal.isNegative { put(UInt8(ascii: "-")) }
        switch point {
        case count...21 where count <= 21:
            for index in 0..<count { put(digits[index]) }
            putZeros(point - count)
        case 1...21:
            for index in 0..<point { put(digits[index]) }
            put(UInt8(ascii: "."))
            for index in point..<count { put(digits[index]) }
        case -5...0:
            put(0x30)
            put(UInt8(ascii: "."))
            putZeros(-point)
            for index in 0..<count { put(digits[index]) }
        default:
            put(digits[0])
            if count > 1 {
                put(UInt8(ascii: "."))
                for index in 1..<count { put(digits[index]) }
            }
            put(UInt8(ascii: "e"))
            put(point > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-"))
            at &+= write(integer: Int64(abs(point - 1)), to: output + at)
        }
        return at
    }

    /// `value` to 15 significant digits, as `$string` shows fractions: `Number(value.toPrecision(15))`.
    ///
    /// Whole numbers are left as they are.
    static func toFifteenDigits(_ value: Double) -> Double {
        guard value.isFinite, value != value.rounded(.towardZero) else { return value }
        var decimal = ShortestDecimal(value)
        guard decimal.count > 15 else { return value }
        let unit: UInt64 = decimal.count == 16 ? 10 : 100
        let tail = decimal.digits % unit
        decimal.digits /= unit
        decimal.count = 15
        let up: Bool
        if tail == unit / 2 {
            // The shortest digits end in the middle; the exact value is at it or to one side.
            let half = ExactDecimal(decimal.digits * 10 + 5, exponent: decimal.point - 16)
            up = !ExactDecimal(value.magnitude).isLess(than: half)
        } else {
            up = tail > unit / 2
        }
        if up { decimal.digits += 1 }
        if decimal.digits == 1_000_000_000_000_000 { (decimal.digits, decimal.point) = (100_000_000_000_000, decimal.point + 1) }
        return decimal.shifted(by: 0)
    }
}
