/// Subjects as the matcher wants them: WTF-8 in which every UTF-16 code unit is a sequence of its own.
///
/// Without the `u` flag a pattern sees a pair of surrogates as two units, so a 4-byte sequence becomes two of 3 bytes.
/// Few subjects have any; they are matched as they stand.
enum RegexSubject {
    /// Whether `bytes` must be split before matching.
    static func needsSplitting(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        if let base = bytes.baseAddress {
            while at + 8 <= bytes.count {
                // The upper four bits of a byte, all set.
                let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
                if word & word << 1 & word << 2 & word << 3 & 0x8080_8080_8080_8080 != 0 { return true }
                at += 8
            }
        }
        return bytes[at...].contains { $0 >= 0xF0 }
    }

    static func split(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            guard byte >= 0xF0, at + 3 < bytes.count else {
                result.append(byte)
                at += 1
                continue
            }
            let scalar =
                UInt32(byte & 7) << 18 | UInt32(bytes[at + 1] & 0x3F) << 12 | UInt32(bytes[at + 2] & 0x3F) << 6
                | UInt32(bytes[at + 3] & 0x3F)
            append(UInt16(0xD800 + (scalar - 0x10000) >> 10), to: &result)
            append(UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF), to: &result)
            at += 4
        }
        return result
    }

    /// Appends bytes of a split subject, joining the pairs again.
    static func appendJoined(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0xED, at + 5 < bytes.count, bytes[at + 1] & 0xF0 == 0xA0, bytes[at + 3] == 0xED,
                bytes[at + 4] & 0xF0 == 0xB0
            {
                let high = UInt32(bytes[at + 1] & 0x0F) << 6 | UInt32(bytes[at + 2] & 0x3F)
                let low = UInt32(bytes[at + 4] & 0x0F) << 6 | UInt32(bytes[at + 5] & 0x3F)
                let scalar = 0x10000 + (high << 10 | low)
                output.append(UInt8(0xF0 | scalar >> 18))
                output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
                output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
                output.append(UInt8(0x80 | scalar & 0x3F))
                at += 6
            } else {
                output.append(bytes[at])
                at += 1
            }
        }
    }

    /// The number of UTF-16 code units in WTF-8, split or not.
    static func unitCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes { count += (byte & 0xC0 != 0x80 ? 1 : 0) + (byte >= 0xF0 ? 1 : 0) }
        return count
    }

    static func append(_ unit: UInt16, to output: inout [UInt8]) {
        if unit < 0x80 {
            output.append(UInt8(unit))
        } else if unit < 0x800 {
            output.append(UInt8(0xC0 | unit >> 6))
            output.append(UInt8(0x80 | unit & 0x3F))
        } else {
            output.append(UInt8(0xE0 | unit >> 12))
            output.append(UInt8(0x80 | unit >> 6 & 0x3F))
            output.append(UInt8(0x80 | unit & 0x3F))
        }
    }

    /// The code units of WTF-8 bytes.
    static func units(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt16] {
        let split = split(bytes)
        var units: [UInt16] = []
        units.reserveCapacity(split.count)
        var at = 0
        while at < split.count {
            let byte = UInt16(split[at])
            if byte < 0x80 {
                units.append(byte)
                at += 1
            } else if byte < 0xE0, at + 1 < split.count {
                units.append((byte & 0x1F) << 6 | UInt16(split[at + 1] & 0x3F))
                at += 2
            } else if at + 2 < split.count {
                units.append((byte & 0xF) << 12 | UInt16(split[at + 1] & 0x3F) << 6 | UInt16(split[at + 2] & 0x3F))
                at += 3
            } else {
                break
            }
        }
        return units
    }
}
