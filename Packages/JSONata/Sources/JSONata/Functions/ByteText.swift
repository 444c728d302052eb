@_spi(Engine) import JSON
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Searching and trimming strings by their bytes.
enum ByteText {
    /// Where `needle` first occurs at or after byte `from`: in time by the length of the text, whatever both hold.
    static func find(_ needle: Value, in text: Value, from: Int) -> Int? {
        let count = text.count - from
        if needle.count == 0 { return from }
        guard count >= needle.count else { return nil }
        let bytes = text.utf8, wanted = needle.utf8
        let last = text.count - needle.count
        var at = from
        // Bytes that were compared in vain. Where they are many the needle repeats itself, and is searched for otherwise.
        var wasted = 0
        while at <= last {
            guard let found = memchr(bytes + at, Int32(wanted[0]), last - at + 1) else { return nil }
            at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
            let same = sharedPrefix(bytes + at, wanted, needle.count)
            if same == needle.count { return at }
            at += 1
            wasted += same
            if wasted > 1024 + 8 * (at - from) { return RepeatingNeedle(needle.bytes).find(in: text.bytes, from: at) }
        }
        return nil
    }

    private static func sharedPrefix(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Int {
        var at = 0
        while at + 8 <= count {
            let difference =
                UnsafeRawPointer(a + at).loadUnaligned(as: UInt64.self).littleEndian
                ^ UnsafeRawPointer(b + at).loadUnaligned(as: UInt64.self).littleEndian
            if difference != 0 { return at + difference.trailingZeroBitCount >> 3 }
            at += 8
        }
        while at < count, a[at] == b[at] { at += 1 }
        return at
    }

    /// The text and what is looked for in it, both taken apart into UTF-16 units where the latter holds half a character:
    /// as bytes it would not be found in a whole one.
    @inline(__always)
    static func apart(_ c: Context, _ text: Value, _ needle: Value) -> (text: Value, needle: Value, isApart: Bool) {
        guard !needle.has(Value.Flag.clean), !text.has(Value.Flag.ascii), holdsHalf(needle),
            RegexSubject.needsSplitting(text.bytes)
        else { return (text, needle, false) }
        return (c.string(RegexSubject.split(text.bytes)), c.string(RegexSubject.split(needle.bytes)), true)
    }

    private static func holdsHalf(_ text: Value) -> Bool {
        zip(text.bytes, text.bytes.dropFirst()).contains { $0 == 0xED && $1 >= 0xA0 }
    }

    /// Halves of characters that stand side by side, put together again.
    static func joined(_ c: Context, _ text: Value) -> Value {
        var bytes: [UInt8] = []
        RegexSubject.appendJoined(text.bytes, to: &bytes)
        return c.string(bytes)
    }

    /// Runs of white space become one blank; none is left at the ends.
    static func trim(_ c: Context, _ text: Value) throws -> Value {
        let bytes = text.bytes
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        var from = 0
        var to = bytes.count
        while from < to, isSpace(bytes[from]) { from += 1 }
        while to > from, isSpace(bytes[to - 1]) { to -= 1 }
        var at = from
        while at < to {
            let end = at + 9 <= to ? at + 8 : to
            if end < to, !mayCollapse(text.utf8 + at) {
                at = end
                continue
            }
            while at < end {
                if bytes[at] <= 0x20, isSpace(bytes[at]), bytes[at] != 0x20 || isSpace(bytes[at + 1]) {
                    return try collapse(c, bytes, from, to)
                }
                at += 1
            }
        }
        let slice = c.slice(text, from, to)
        // What made it need escapes may have been trimmed; the flags are then merely cautious.
        return slice
    }

    /// False where the eight bytes at `at` hold no control character and no blank with another behind it.
    @inline(__always) private static func mayCollapse(_ at: UnsafePointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101, tops = ones &* 0x80, rest = ones &* 0x7F
        let word = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
        let controls = (word &- ones &* 0x20) & ~word & tops
        let distance = word ^ ones &* 0x20
        let blanks = ~(((distance & rest) &+ rest) | distance | rest)
        return controls | (blanks & blanks << 8) != 0 || (blanks >> 63 != 0 && at[8] <= 0x20)
    }

    private static func collapse(
        _ c: Context, _ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int
    ) throws -> Value {
        try c.string(capacity: to - from) { out in
            var count = 0
            var inSpace = false
            for at in from..<to {
                let byte = bytes[at]
                let space = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
                if !space {
                    out[count] = byte
                    count += 1
                } else if !inSpace {
                    out[count] = 0x20
                    count += 1
                }
                inSpace = space
            }
            return count
        }
    }
}
