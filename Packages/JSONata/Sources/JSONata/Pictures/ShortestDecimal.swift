/// The shortest decimal digits that read back as a given double, and where the point goes.
///
/// The digits are the standard library's; JavaScript's are the same (ECMA-262 §6.1.6.1.20), only the layout differs.
struct ShortestDecimal: Equatable {
    var isNegative: Bool
    /// The digits as an integer without trailing zeros; 0 for zero.
    var digits: UInt64
    /// How many digits there are; 1 for zero.
    var count: Int
    /// The value is 0.digits × 10^point.
    var point: Int

    /// - Precondition: `value` is finite.
    init(_ value: Double) {
        var sink = TextSink()
        value.write(to: &sink)
        isNegative = value.sign == .minus
        digits = 0
        count = 0
        var exponent = 0
        var afterPoint = 0
        var seenPoint = false
        var index = 0
        while index < sink.count {
            let byte = sink[index]
            index += 1
            if byte >= 0x30, byte <= 0x39 {
                digits = digits &* 10 &+ UInt64(byte &- 0x30)
                if digits != 0 { count += 1 }
                if seenPoint { afterPoint += 1 }
            } else if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else if byte == UInt8(ascii: "e") {
                var negative = false
                while index < sink.count {
                    let byte = sink[index]
                    index += 1
                    if byte == UInt8(ascii: "-") { negative = true }
                    if byte >= 0x30, byte <= 0x39 { exponent = exponent * 10 + Int(byte &- 0x30) }
                }
                if negative { exponent = -exponent }
            }
        }
        point = count - afterPoint + exponent
        if digits == 0 {
            (count, point) = (1, 1)
            return
        }
        while digits % 10 == 0 {
            digits /= 10
            count -= 1
        }
    }

    /// The value with its decimal point moved by `places` to the right, as JavaScript reads such text.
    func shifted(by places: Int) -> Double {
        let exponent = point - count + places
        var value: Double
        if digits < 1 << 53, exponent >= -22, exponent <= 22 {
            // Both are exact as doubles, so one operation rounds once.
            let power = Self.powers[abs(exponent)]
            value = exponent < 0 ? Double(digits) / power : Double(digits) * power
        } else {
            value = Double("\(digits)e\(exponent)") ?? 0
        }
        if isNegative { value = -value }
        return value
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

/// Takes a number's text without making a string of it.
private struct TextSink: TextOutputStream {
    /// 32 bytes; the longest text of a double has 24.
    private var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private(set) var count = 0

    subscript(index: Int) -> UInt8 { withUnsafeBytes(of: bytes) { $0[index] } }

    mutating func write(_ string: String) { append(string.utf8) }

    // The standard library's numbers hand their digits over this way, which spares the string.
    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) { append(buffer) }

    private mutating func append(_ text: some Sequence<UInt8>) {
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for byte in text where count < bytes.count {
                bytes[count] = byte
                count += 1
            }
        }
    }
}
