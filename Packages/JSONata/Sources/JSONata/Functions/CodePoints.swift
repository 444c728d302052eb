@_spi(Engine) import JSON

/// Functions that count code points.
enum CodePoints {
    static func count(_ text: Value) -> Int {
        if text.has(Value.Flag.ascii) { return text.count }
        return text.bytes.count { $0 & 0xC0 != 0x80 }
    }

    /// The byte offset of a code point's start.
    private static func offset(_ text: Value, _ point: Int) -> Int {
        if text.has(Value.Flag.ascii) { return min(point, text.count) }
        let bytes = text.bytes
        var at = 0
        var left = point
        while left > 0, at < bytes.count {
            at += WTF8.length(bytes[at])
            left -= 1
        }
        return min(at, bytes.count)
    }

    /// What JavaScript makes of an index: whole, no further than the text.
    private static func whole(_ value: Double, _ limit: Int) -> Int {
        if value.isNaN { return 0 }
        return Int(max(-Double(limit) - 1, min(Double(limit) + 1, value.rounded(.towardZero))))
    }

    static func substring(_ c: Context, _ text: Value, _ start: Double, _ length: Double?) throws -> Value {
        let count = count(text)
        var start = start
        if Double(count) + start < 0 { start = 0 }
        func position(_ value: Double) -> Int {
            let whole = whole(value, count)
            return whole < 0 ? max(count + whole, 0) : min(whole, count)
        }
        var end = count
        if let length {
            if length <= 0 { return c.string("") }
            end = position(start >= 0 ? start + length : Double(count) + start + length)
        }
        let from = position(start)
        guard from < end else { return c.string("") }
        return c.slice(text, offset(text, from), offset(text, end))
    }

    static func pad(_ c: Context, _ text: Value, _ width: Value, _ filler: Value) throws -> Value {
        if text.isUndefined { return .undefined }
        let filler = filler.isUndefined || filler.count == 0 ? c.string(" ") : filler
        let wanted = width.isUndefined ? 0 : width.double
        guard wanted.isFinite else { throw JSONataError("D1001", "a number is out of range") }
        let missing = Int(min(abs(wanted), 1e12).rounded(.down)) - count(text)
        guard missing > 0 else { return text }
        let fillerCount = count(filler)
        let rounds = missing / fillerCount
        let rest = offset(filler, missing % fillerCount)
        let padding = rounds * filler.count + rest
        return try c.string(capacity: text.count + padding) { out in
            var at = 0
            func put(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
                (out + at).update(from: bytes, count: count)
                at += count
            }
            if wanted > 0 { put(text.utf8, text.count) }
            if filler.count == 1 {
                (out + at).update(repeating: filler.utf8[0], count: rounds)
                at += rounds
            } else {
                for _ in 0..<rounds { put(filler.utf8, filler.count) }
            }
            put(filler.utf8, rest)
            if wanted < 0 { put(text.utf8, text.count) }
            return at
        }
    }
}
