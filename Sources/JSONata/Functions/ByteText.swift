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
        let start = text.utf8 + from
        guard let found = memmem(start, count, needle.utf8, needle.count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(start) + from
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
            if isSpace(bytes[at]), bytes[at] != 0x20 || isSpace(bytes[at + 1]) {
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
