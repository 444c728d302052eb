@_spi(Engine) import JSON

/// Upper and lower case as JavaScript maps them: full mappings, and the final form of sigma at a word's end.
enum CaseMapping {
    static func lowercase(_ c: Context, _ text: Value) throws -> Value {
        if text.has(Value.Flag.ascii) { return ascii(c, text, from: 0x41, flip: 0x20) }
        return try mapped(c, text) { scalars, at in
            if scalars[at] == 0x3A3 { return isFinalSigma(scalars, at) ? "\u{3C2}" : "\u{3C3}" }
            return Unicode.Scalar(scalars[at])?.properties.lowercaseMapping
        }
    }

    static func uppercase(_ c: Context, _ text: Value) throws -> Value {
        if text.has(Value.Flag.ascii) { return ascii(c, text, from: 0x61, flip: 0x20) }
        return try mapped(c, text) { scalars, at in Unicode.Scalar(scalars[at])?.properties.uppercaseMapping }
    }

    private static func ascii(_ c: Context, _ text: Value, from: UInt8, flip: UInt8) -> Value {
        let bytes = text.bytes
        guard let first = bytes.firstIndex(where: { $0 &- from < 26 }) else { return text }
        let out = c.arena.allocate(bytes.count).assumingMemoryBound(to: UInt8.self)
        out.update(from: text.utf8, count: first)
        for at in first..<bytes.count {
            let byte = bytes[at]
            out[at] = byte &- from < 26 ? byte ^ flip : byte
        }
        return Value(string: out, count: bytes.count, flags: text.head & Value.Flag.all)
    }

    private static func mapped(
        _ c: Context, _ text: Value, _ map: ([UInt32], Int) -> String?
    ) throws -> Value {
        var scalars: [UInt32] = []
        let bytes = text.bytes
        var at = 0
        while at < bytes.count {
            scalars.append(WTF8.decode(bytes.baseAddress! + at))
            at += WTF8.length(bytes[at])
        }
        // A mapping makes at most three scalars of one.
        return try c.string(capacity: scalars.count * 12) { out in
            var count = 0
            for at in scalars.indices {
                if let mapping = map(scalars, at) {
                    for scalar in mapping.unicodeScalars { count += WTF8.write(scalar.value, to: out + count) }
                } else {
                    count += WTF8.write(scalars[at], to: out + count)
                }
            }
            return count
        }
    }

    /// Unicode's Final_Sigma condition: a letter before, none after, what is case-ignorable between left out.
    private static func isFinalSigma(_ scalars: [UInt32], _ at: Int) -> Bool {
        func cased(_ indices: some Sequence<Int>) -> Bool {
            for index in indices {
                guard let properties = Unicode.Scalar(scalars[index])?.properties else { return false }
                if properties.isCaseIgnorable { continue }
                return properties.isCased
            }
            return false
        }
        return cased((0..<at).reversed()) && !cased(at + 1..<scalars.count)
    }
}
