/// The escapes of a JSON string (RFC 8259 §7). A lone surrogate becomes its three WTF-8 bytes.
struct Unescape {
    var message: StaticString = "unterminated string"
    var at: UnsafePointer<UInt8> = UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    var ascii = true
    var loneSurrogate = false
    /// Whether the string can be written without escapes.
    var clean = true

    /// Checks the string from `first` to its closing quote. Returns its length as written, or nil when it is at fault.
    mutating func measure(_ first: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int? {
        at = first
        while at < end {
            // The text is padded, so that a word may be read at its very end.
            let special = WordScan.special(WordScan.load(at))
            if special == 0 {
                at += 8
                continue
            }
            at += WordScan.index(special)
            if at >= end { break }
            switch at.pointee {
            case UInt8(ascii: "\""): return at - first
            case UInt8(ascii: "\\"):
                switch at[1] {
                case UInt8(ascii: "u"):
                    for digit in 2..<6 where Self.hex(at[digit]) == nil {
                        at += digit
                        message = "expected four hex digits"
                        return nil
                    }
                    at += 6
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    at += 2
                default:
                    at += 1
                    message = "unknown escape"
                    return nil
                }
            case 0..<0x20:
                message = "control character in a string"
                return nil
            default: at += 1
            }
        }
        return nil
    }

    static func hex(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }

    static func unit(_ at: UnsafePointer<UInt8>) -> UInt32 {
        var unit: UInt32 = 0
        for digit in 0..<4 { unit = unit << 4 | (hex(at[digit]) ?? 0) }
        return unit
    }

    /// Writes the string without its escapes; it never grows. Returns the bytes written.
    mutating func write(_ first: UnsafePointer<UInt8>, _ length: Int, to out: UnsafeMutablePointer<UInt8>) -> Int {
        var at = first
        let end = first + length
        var count = 0
        while at < end {
            if end - at >= 8 {
                let word = WordScan.load(at)
                let special = WordScan.special(word)
                // What is left of the output is as long as what is left of the input, so a whole word fits.
                UnsafeMutableRawPointer(out + count).storeBytes(of: word.littleEndian, as: UInt64.self)
                let plain = special == 0 ? 8 : WordScan.index(special)
                let kept = plain == 8 ? word : word & ((1 << UInt64(plain * 8)) - 1)
                if kept & WordScan.tops != 0 { ascii = false }
                count += plain
                at += plain
                if special == 0 { continue }
            } else if at.pointee != UInt8(ascii: "\\") {
                if at.pointee >= 0x80 { ascii = false }
                out[count] = at.pointee
                count += 1
                at += 1
                continue
            }
            if at[1] == UInt8(ascii: "u") {
                var unit = Self.unit(at + 2)
                at += 6
                if unit & 0xFC00 == 0xD800, at + 6 <= end, at[0] == UInt8(ascii: "\\"), at[1] == UInt8(ascii: "u"),
                    Self.unit(at + 2) & 0xFC00 == 0xDC00
                {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (Self.unit(at + 2) - 0xDC00)
                    at += 6
                }
                if unit & 0xFFFF_F800 == 0xD800 { loneSurrogate = true }
                if unit >= 0x80 { ascii = false }
                if unit < 0x20 || unit == 0x22 || unit == 0x5C { clean = false }
                count += WTF8.write(unit, to: out + count)
            } else {
                if at[1] != UInt8(ascii: "/") { clean = false }
                switch at[1] {
                case UInt8(ascii: "b"): out[count] = 0x08
                case UInt8(ascii: "f"): out[count] = 0x0C
                case UInt8(ascii: "n"): out[count] = 0x0A
                case UInt8(ascii: "r"): out[count] = 0x0D
                case UInt8(ascii: "t"): out[count] = 0x09
                default: out[count] = at[1]
                }
                count += 1
                at += 2
            }
        }
        return count
    }
}
