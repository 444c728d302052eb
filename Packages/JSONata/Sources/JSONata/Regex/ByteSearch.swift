/// Looking for bytes eight at a time; no call out, since most subjects are a few dozen bytes long.
enum ByteSearch {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first index in `at..<end` whose byte, after setting `mask`'s bits, is `byte`; `end` if there is none.
    @inline(__always)
    static func first(
        _ byte: UInt8, mask: UInt8, in bytes: UnsafePointer<UInt8>, at: Int, end: Int
    ) -> Int {
        var at = at
        let pattern = ones &* UInt64(byte)
        let masks = ones &* UInt64(mask)
        while at &+ 8 <= end {
            let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self).littleEndian
            let difference = (word | masks) ^ pattern
            let zero = (difference &- ones) & ~difference & highs
            if zero != 0 { return at &+ zero.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < end {
            if bytes[at] | mask == byte { return at }
            at &+= 1
        }
        return end
    }

    /// The first index in `at..<end` whose byte is inside `table`; `end` if there is none.
    @inline(__always)
    static func first(inside table: UnsafePointer<UInt8>, in bytes: UnsafePointer<UInt8>, at: Int, end: Int) -> Int {
        var at = at
        while at &+ 4 <= end {
            if table[Int(bytes[at])] != 0 { return at }
            if table[Int(bytes[at &+ 1])] != 0 { return at &+ 1 }
            if table[Int(bytes[at &+ 2])] != 0 { return at &+ 2 }
            if table[Int(bytes[at &+ 3])] != 0 { return at &+ 3 }
            at &+= 4
        }
        while at < end, table[Int(bytes[at])] == 0 { at &+= 1 }
        return at
    }

    @inline(__always)
    static func matches(
        _ bytes: UnsafePointer<UInt8>, masks: UnsafePointer<UInt8>?, count: Int, at subject: UnsafePointer<UInt8>
    ) -> Bool {
        if let masks {
            for index in 0..<count where subject[index] | masks[index] != bytes[index] { return false }
        } else {
            for index in 0..<count where subject[index] != bytes[index] { return false }
        }
        return true
    }
}
