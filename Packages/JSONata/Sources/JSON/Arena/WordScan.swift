/// Looking at eight bytes of a string at a time.
enum WordScan {
    @inline(__always) static var ones: UInt64 { 0x0101_0101_0101_0101 }
    @inline(__always) static var tops: UInt64 { 0x8080_8080_8080_8080 }

    @inline(__always) static func load(_ at: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is a quote, a backslash or a control character; exact up to the first such byte.
    @inline(__always) static func special(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        return ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- ones &* 0x20) & ~word) & tops
    }

    /// The top bit of each byte that may start a surrogate (ED); exact up to the first.
    @inline(__always) static func surrogate(_ word: UInt64) -> UInt64 {
        let leads = word ^ (ones &* 0xED)
        return (leads &- ones) & ~leads & tops
    }

    /// Bytes before the first one that is marked.
    @inline(__always) static func index(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }
}
