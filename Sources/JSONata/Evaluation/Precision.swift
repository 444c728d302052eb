#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Rounding to 15 significant digits, JavaScript's `toPrecision(15)`: what `$string` does to numbers that are not whole.
enum Precision {
    static func rounded(_ value: Double) -> Double {
        // A double whose shortest text has at most 15 digits is that text's nearest: nothing to do.
        let text = value.description
        var digits = 0
        var leading = true
        for byte in text.utf8 {
            if byte == 0x65 { break }
            guard byte &- 0x30 < 10 else { continue }
            if leading, byte == 0x30 { continue }
            leading = false
            digits += 1
        }
        return digits <= 15 ? value : slowly(value)
    }

    /// By 30 more digits of the exact value: a tie goes away from zero, where the C library would go to even.
    private static func slowly(_ value: Double) -> Double {
        let exact = format(value.magnitude, digits: 60)
        guard let exponent = exact.firstIndex(of: UInt8(ascii: "e")) else { return value }
        var kept: [UInt8] = exact[..<exponent].filter { $0 != UInt8(ascii: ".") }
        let roundsUp = kept[15] >= UInt8(ascii: "5")
        kept.removeSubrange(15...)
        var at = 14
        var carry = roundsUp
        while carry, at >= 0 {
            if kept[at] == UInt8(ascii: "9") {
                kept[at] = UInt8(ascii: "0")
                at -= 1
            } else {
                kept[at] += 1
                carry = false
            }
        }
        let head = carry ? "10" : String(decoding: kept[..<1], as: UTF8.self)
        let text = head + "." + String(decoding: kept[1...], as: UTF8.self)
            + String(decoding: exact[exponent...], as: UTF8.self)
        guard let magnitude = Double(text) else { return value }
        return value < 0 ? -magnitude : magnitude
    }

    private static func format(_ value: Double, digits: Int) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            let count = withVaList([Int32(digits), value]) { vsnprintf(buffer.baseAddress!, 128, "%.*e", $0) }
            return buffer.prefix(Int(max(0, min(count, 127)))).map { UInt8(bitPattern: $0) }
        }
    }
}
