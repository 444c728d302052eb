/// UTF-8 that may also hold lone surrogates, as three bytes: what JavaScript's strings need.
@_spi(Engine) public enum WTF8 {
    /// Writes a code point. Returns the bytes written: 1 to 4.
    @inlinable @_spi(Engine) public static func write(_ code: UInt32, to out: UnsafeMutablePointer<UInt8>) -> Int {
        if code < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: code)
            return 1
        }
        if code < 0x800 {
            out[0] = UInt8(truncatingIfNeeded: 0xC0 | code >> 6)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
            return 2
        }
        if code < 0x10000 {
            out[0] = UInt8(truncatingIfNeeded: 0xE0 | code >> 12)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3F)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
            return 3
        }
        out[0] = UInt8(truncatingIfNeeded: 0xF0 | code >> 18)
        out[1] = UInt8(truncatingIfNeeded: 0x80 | code >> 12 & 0x3F)
        out[2] = UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3F)
        out[3] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
        return 4
    }

    /// Bytes of the sequence that `lead` starts.
    @inlinable @inline(__always) @_spi(Engine) public static func length(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    /// The code point at `at`, in well-formed WTF-8.
    @inlinable @_spi(Engine) public static func decode(_ at: UnsafePointer<UInt8>) -> UInt32 {
        let lead = UInt32(at[0])
        if lead < 0x80 { return lead }
        if lead < 0xE0 { return (lead & 0x1F) << 6 | UInt32(at[1]) & 0x3F }
        if lead < 0xF0 { return (lead & 0x0F) << 12 | (UInt32(at[1]) & 0x3F) << 6 | UInt32(at[2]) & 0x3F }
        return (lead & 0x07) << 18 | (UInt32(at[1]) & 0x3F) << 12 | (UInt32(at[2]) & 0x3F) << 6 | UInt32(at[3]) & 0x3F
    }
}

/// Validity of UTF-8 (RFC 3629).
@_spi(Engine) public enum UTF8Check {
    @_spi(Engine) public static func isValid(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, allowingSurrogates: Bool = false
    ) -> Bool {
        var at = 0
        while at < count {
            let lead = bytes[at]
            if lead < 0x80 {
                at += 1
                while at + 8 <= count, WordScan.load(bytes + at) & WordScan.tops == 0 { at += 8 }
                continue
            }
            let length = WTF8.length(lead)
            guard lead >= 0xC2, lead <= 0xF4, at + length <= count else { return false }
            for next in 1..<length where bytes[at + next] & 0xC0 != 0x80 { return false }
            let second = bytes[at + 1]
            switch lead {
            case 0xE0 where second < 0xA0, 0xF0 where second < 0x90, 0xF4 where second > 0x8F: return false
            case 0xED where second > 0x9F && !allowingSurrogates: return false
            default: break
            }
            at += length
        }
        return true
    }
}

/// What is known of a string's bytes.
@_spi(Engine) public enum StringFlags {
    @_spi(Engine) public static func of(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        var all: UInt64 = 0
        var clean = true
        var at = 0
        while at + 8 <= count {
            let word = WordScan.load(bytes + at)
            all |= word
            if clean, WordScan.special(word) | WordScan.surrogate(word) != 0 { clean = isClean(bytes, at, count) }
            at += 8
        }
        while at < count {
            let byte = bytes[at]
            all |= UInt64(byte)
            if clean, byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0xED { clean = isClean(bytes, at, count) }
            at += 1
        }
        return (clean ? Value.Flag.clean : 0) | (all & WordScan.tops == 0 ? Value.Flag.ascii : 0)
    }

    /// The eight bytes from `at`, or those that are left, one by one.
    private static func isClean(_ bytes: UnsafePointer<UInt8>, _ from: Int, _ count: Int) -> Bool {
        for at in from..<min(from + 8, count) {
            let byte = bytes[at]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return false }
            // ED A0 and above start a surrogate, which is written as an escape.
            if byte == 0xED, at + 1 < count, bytes[at + 1] >= 0xA0 { return false }
        }
        return true
    }
}
