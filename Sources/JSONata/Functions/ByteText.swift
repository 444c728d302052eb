import JSON
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Searching and trimming strings by their bytes.
enum ByteText {
    /// Where `needle` first occurs at or after byte `from`.
    static func find(_ needle: Value, in text: Value, from: Int) -> Int? {
        let count = text.count - from
        if needle.count == 0 { return from }
        guard count >= needle.count else { return nil }
        let bytes = text.utf8, wanted = needle.utf8
        let last = text.count - needle.count
        var at = from
        while at <= last {
            guard let found = memchr(bytes + at, Int32(wanted[0]), last - at + 1) else { return nil }
            at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
            if memcmp(bytes + at, wanted, needle.count) == 0 { return at }
            at += 1
        }
        return nil
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
            if bytes[at] <= 0x20, isSpace(bytes[at]), bytes[at] != 0x20 || isSpace(bytes[at + 1]) {
                return try collapse(c, bytes, from, to)
            }
            at += 1
        }
        let slice = c.slice(text, from, to)
        // What made it need escapes may have been trimmed; the flags are then merely cautious.
        return slice
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
