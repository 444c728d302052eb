@_spi(Engine) import JSON

/// Joining strings whose ends are the two halves of one character.
enum WTF8Join {
    /// Whether a high surrogate ends `a` and a low one begins `b`.
    static func halvesMeet(_ a: Value, _ b: Value) -> Bool {
        guard a.count >= 3, b.count >= 3 else { return false }
        let left = a.utf8 + (a.count - 3), right = b.utf8
        return left[0] == 0xED && left[1] & 0xF0 == 0xA0 && right[0] == 0xED && right[1] & 0xF0 == 0xB0
    }

    /// Replaces the six bytes of the two halves that meet at `at` by the four of the character.
    static func joined(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, at: Int) -> Value {
        let high = WTF8.decode(bytes + at - 3), low = WTF8.decode(bytes + at)
        _ = WTF8.write(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), to: bytes + at - 3)
        (bytes + at + 1).update(from: bytes + at + 3, count: count - at - 3)
        return Value(string: bytes, count: count - 2, flags: StringFlags.of(bytes, count - 2))
    }
}

/// The order of strings by UTF-16 code units, as JavaScript compares them.
enum StringOrder {
    /// Below, at or above zero.
    static func compare(_ a: Value, _ b: Value) -> Int {
        let left = a.utf8, right = b.utf8
        let shared = min(a.count, b.count)
        var at = 0
        while at < shared, left[at] == right[at] { at += 1 }
        guard at < shared else { return a.count - b.count }
        let x = left[at], y = right[at]
        // Bytes order code points; code units differ from that only where a surrogate pair (four bytes, F0 and above)
        // meets U+E000…U+FFFF (EE and EF), which are the greater units.
        if x >= 0xF0, y == 0xEE || y == 0xEF { return -1 }
        if y >= 0xF0, x == 0xEE || x == 0xEF { return 1 }
        return Int(x) - Int(y)
    }
}
