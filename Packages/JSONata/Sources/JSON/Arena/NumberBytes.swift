/// Numbers from and to text, as JavaScript reads and prints them.
@_spi(Engine) public enum NumberBytes {
    /// The value of a number that matches the grammar of RFC 8259 §6.
    @_spi(Engine) public static func double(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double {
        var at = 0
        let negative = bytes[0] == 0x2D
        if negative { at = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        while at < count, bytes[at] &- 0x30 < 10 {
            if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30) } else { exponent += 1 }
            if mantissa != 0 { digits += 1 }
            at += 1
        }
        if at < count, bytes[at] == 0x2E {
            at += 1
            while at < count, bytes[at] &- 0x30 < 10 {
                if digits < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
                    exponent -= 1
                }
                if mantissa != 0 { digits += 1 }
                at += 1
            }
        }
        if at < count {
            at += 1
            var sign = 1
            if bytes[at] == 0x2D || bytes[at] == 0x2B {
                if bytes[at] == 0x2D { sign = -1 }
                at += 1
            }
            var written = 0
            while at < count {
                written = min(written * 10 + Int(bytes[at] &- 0x30), 100_000)
                at += 1
            }
            exponent += sign * written
        }
        // Both operands are exact doubles here, so one rounding gives the right result (Clinger's fast path).
        if mantissa < 1 << 53, exponent >= -22, exponent <= 22, digits <= 19 {
            let value = Double(mantissa)
            let scaled = exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
            return negative ? -scaled : scaled
        }
        let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
        return Double(text) ?? .nan
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The longest text that `write` makes.
    @_spi(Engine) public static var longest: Int { 32 }

    /// Writes `value` as JavaScript prints it (ECMA-262 `Number::toString`) to `out`, which has room for `longest` bytes.
    ///
    /// - Returns: the number of bytes. NaN and infinities are written by name.
    @_spi(Engine) public static func write(_ value: Double, to out: UnsafeMutablePointer<UInt8>) -> Int {
        if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 { return write(whole, to: out) }
        guard value.isFinite else {
            return copy(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity", to: out)
        }
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        return withUnsafeMutableBytes(of: &digits) { buffer in
            layOut(value, digits: buffer.baseAddress!.assumingMemoryBound(to: UInt8.self), to: out)
        }
    }

    private static func copy(_ text: String, to out: UnsafeMutablePointer<UInt8>) -> Int {
        var at = 0
        for byte in text.utf8 {
            out[at] = byte
            at += 1
        }
        return at
    }

    /// Writes an integer's digits.
    @_spi(Engine) public static func write(_ value: Int64, to out: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value.magnitude
        var length = value < 0 ? 1 : 0
        var probe = rest
        repeat {
            length += 1
            probe /= 10
        } while probe != 0
        var at = length
        repeat {
            at -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            out[at] = 0x30 + UInt8(digit)
            rest = quotient
        } while rest != 0
        if value < 0 { out[0] = 0x2D }
        return length
    }

    /// Swift prints the same shortest digits as JavaScript; only where the point and the exponent stand differs.
    private static func layOut(
        _ value: Double, digits: UnsafeMutablePointer<UInt8>, to out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var count = 0
        var point = 0
        var exponent = 0
        var seenPoint = false
        var inExponent = false
        var exponentSign = 1
        var text = value.description
        text.withUTF8 { bytes in
            for byte in bytes {
                switch byte {
                case 0x30...0x39 where inExponent: exponent = exponent * 10 + Int(byte - 0x30)
                case 0x30...0x39:
                    if count == 0 && byte == 0x30 {
                        if seenPoint { point -= 1 }
                    } else {
                        digits[count] = byte
                        count += 1
                        if !seenPoint { point += 1 }
                    }
                case 0x2E: seenPoint = true
                case 0x65: inExponent = true
                case 0x2D where inExponent: exponentSign = -1
                default: break
                }
            }
        }
        point += exponent * exponentSign
        while count > 1, digits[count - 1] == 0x30 { count -= 1 }
        var at = 0
        func put(_ byte: UInt8) {
            out[at] = byte
            at += 1
        }
        if value < 0 { put(0x2D) }
        if point > 21 || point < -5 {
            put(digits[0])
            if count > 1 {
                put(0x2E)
                for index in 1..<count { put(digits[index]) }
            }
            put(0x65)
            put(point - 1 < 0 ? 0x2D : 0x2B)
            at += write(Int64(abs(point - 1)), to: out + at)
        } else if point <= 0 {
            put(0x30)
            put(0x2E)
            for _ in 0..<(-point) { put(0x30) }
            for index in 0..<count { put(digits[index]) }
        } else {
            for index in 0..<max(count, point) {
                if index == point { put(0x2E) }
                put(index < count ? digits[index] : 0x30)
            }
        }
        return at
    }
}

extension NumberBytes {
    /// Whether a number's text is an integer that JavaScript would print the same way, or a longer one, whose digits
    /// are kept rather than rounded.
    @_spi(Engine) public static func isPlainInteger(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        if count == 2, bytes[0] == 0x2D, bytes[1] == 0x30 { return false }
        guard count <= 20 else { return false }
        for at in 0..<count where bytes[at] &- 0x30 > 9 {
            if at > 0 || bytes[at] != 0x2D { return false }
        }
        return true
    }
}
