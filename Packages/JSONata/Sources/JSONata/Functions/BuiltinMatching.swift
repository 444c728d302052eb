@_spi(Engine) import JSON

extension Builtins {
    static let matching: [NativeFunction] = [
        NativeFunction("contains", "<s-(sf):b>") { c, a in
            if a[0].isUndefined || a[1].isUndefined { return .undefined }
            if a[1].isString {
                let (text, wanted, _) = ByteText.apart(c, a[0], a[1])
                return Value(ByteText.find(wanted, in: text, from: 0) != nil)
            }
            var matches = MatchSequence(c, a[1], a[0])
            return Value(try matches.advance(c))
        },
        NativeFunction("match", "<s-f<s:o>n?:a<o>>") { c, a in
            if a[0].isUndefined { return .undefined }
            let limit = try Matching.limit(c, a[2], "D3040", 3)
            if limit == 0 { return Value.emptyArray.with(Value.Flag.sequence) }
            var matches = MatchSequence(c, a[1], a[0])
            var builder = ValueBuilder()
            // The next match is looked for even where the limit leaves it out: it may be an error.
            var more = try matches.advance(c)
            while more, builder.count < limit {
                builder.append(try matches.object(c, full: false), in: c.arena)
                more = try matches.advance(c)
            }
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("replace", "<s-(sf)(sf)n?:s>") { c, a in try Matching.replace(c, a) },
        NativeFunction("split", "<s-(sf)n?:a<s>>") { c, a in try Matching.split(c, a) },
    ]
}

enum Matching {
    static func limit(_ c: Context, _ value: Value, _ code: String, _ index: Int) throws -> Int {
        if value.isUndefined { return .max }
        guard value.double >= 0 else {
            throw JSONataError(code, "the limit must not be negative", value: try c.friendly(value), index: index)
        }
        return Int(min(value.double.rounded(.up), 1e15))
    }

    static func replace(_ c: Context, _ a: Arguments) throws -> Value {
        if a[0].isUndefined { return .undefined }
        if a[1].isString, a[1].count == 0 {
            throw JSONataError("D3010", "the pattern to replace is empty", value: .string(""), index: 2)
        }
        let limit = try limit(c, a[3], "D3011", 4)
        if a[1].isUndefined || limit == 0 { return a[0] }
        if a[1].isString {
            let (text, pattern, isApart) = ByteText.apart(c, a[0], a[1])
            guard ByteText.find(pattern, in: text, from: 0) != nil else { return a[0] }
            if a[2].isFunction { throw JSONataError("D3012", "a string pattern is replaced by a string", index: 3) }
            let replaced = try replaceText(c, text, pattern, a[2], limit)
            return isApart ? ByteText.joined(c, replaced) : replaced
        }
        var matches = MatchSequence(c, a[1], a[0])
        var more = try matches.advance(c)
        guard more else { return a[0] }
        var out = TextBuilder(c, capacity: a[0].count + 16)
        var position = 0
        var count = 0
        while more, count < limit {
            out.append(matches.subject, position, max(position, matches.start))
            if a[2].isFunction {
                let made = try c.call(a[2], try matches.object(c, full: true))
                guard made.isString else {
                    throw JSONataError(
                        "D3012", "a replacement function must return a string", value: try c.friendly(made)
                    )
                }
                out.append(made)
            } else if a[2].isString {
                expand(a[2], &matches, &out, c)
            }
            position = matches.end
            count += 1
            more = try matches.advance(c)
        }
        out.append(matches.subject, position, matches.subject.count)
        try c.reserve(out.count)
        return matches.joined(c, out.finish())
    }

    private static func replaceText(
        _ c: Context, _ text: Value, _ pattern: Value, _ replacement: Value, _ limit: Int
    ) throws -> Value {
        var position = 0
        var count = 0
        guard var found = ByteText.find(pattern, in: text, from: 0) else { return text }
        var out = TextBuilder(c, capacity: text.count + 16)
        while true {
            out.append(text, position, found)
            if replacement.isString { out.append(replacement) }
            position = found + pattern.count
            count += 1
            guard count < limit, let next = ByteText.find(pattern, in: text, from: position) else { break }
            found = next
            if count & 0xFF == 0 {
                try c.tick()
                try c.reserve(out.count)
            }
        }
        out.append(text, position, text.count)
        return out.finish()
    }

    /// Puts in a replacement with its `$` references: `$$`, `$0`, and groups by as many digits as there are groups.
    private static func expand(
        _ replacement: Value, _ matches: inout MatchSequence, _ out: inout TextBuilder, _ c: Context
    ) {
        let bytes = replacement.bytes
        var at = 0
        while at < bytes.count {
            guard let dollar = bytes[at...].firstIndex(of: UInt8(ascii: "$")) else { break }
            out.append(replacement, at, dollar)
            at = dollar + 1
            let next = at < bytes.count ? bytes[at] : 0
            if next == UInt8(ascii: "$") {
                out.append(replacement, at, at + 1)
                at += 1
                continue
            }
            if next == UInt8(ascii: "0") {
                out.append(matches.matched)
                at += 1
                continue
            }
            let groups = matches.groupCount
            let most = groups == 0 ? 1 : String(groups).utf8.count
            var (number, digits) = number(bytes, at, most)
            if most > 1, number > groups { (number, digits) = self.number(bytes, at, most - 1) }
            guard digits > 0 else {
                out.append(replacement, dollar, dollar + 1)
                continue
            }
            if groups > 0, let group = matches.group(number, c) { out.append(group) }
            at += String(number).utf8.count
        }
        if at < bytes.count { out.append(replacement, at, bytes.count) }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, _ most: Int) -> (Int, Int) {
        var value = 0
        var at = from
        while at < bytes.count, at - from < most, bytes[at] &- 0x30 < 10 {
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        return (value, at - from)
    }

    static func split(_ c: Context, _ a: Arguments) throws -> Value {
        if a[0].isUndefined { return .undefined }
        let text = a[0]
        let limit = try limit(c, a[2], "D3020", 3)
        var builder = ValueBuilder()
        if limit == 0 { return .emptyArray }
        if a[1].isUndefined {
            builder.append(text, in: c.arena)
        } else if a[1].isString, a[1].count == 0 {
            try splitUnits(c, text, limit, &builder)
        } else if a[1].isString {
            let most = a[2].isUndefined ? limit : Int(min(a[2].double, 1e15))
            let (text, separator, isApart) = ByteText.apart(c, text, a[1])
            var from = 0
            while builder.count < most, let at = ByteText.find(separator, in: text, from: from) {
                try c.tick()
                builder.append(c.slice(text, from, at), in: c.arena)
                from = at + separator.count
            }
            if builder.count < most { builder.append(c.slice(text, from, text.count), in: c.arena) }
            if isApart { return c.array(builder.array().elements.map { ByteText.joined(c, $0) }) }
        } else {
            var matches = MatchSequence(c, a[1], text)
            var start = 0
            var more = try matches.advance(c)
            while more, builder.count < limit {
                let part = c.slice(matches.subject, start, max(start, matches.start))
                builder.append(matches.joined(c, part), in: c.arena)
                start = matches.end
                more = try matches.advance(c)
            }
            if builder.count < limit {
                let part = c.slice(matches.subject, start, matches.subject.count)
                builder.append(matches.joined(c, part), in: c.arena)
            }
        }
        try c.checkSequence(builder.count)
        return builder.array()
    }

    /// The UTF-16 code units of a text, each a text.
    static func units(_ c: Context, _ text: Value) throws -> Value {
        var builder = ValueBuilder()
        try splitUnits(c, text, .max, &builder)
        return builder.array()
    }

    /// JavaScript splits into UTF-16 code units: a character of two is torn apart.
    private static func splitUnits(_ c: Context, _ text: Value, _ limit: Int, _ builder: inout ValueBuilder) throws {
        let whole = RegexSubject.needsSplitting(text.bytes) ? c.string(RegexSubject.split(text.bytes)) : text
        var at = 0
        while at < whole.count, builder.count < limit {
            try c.tick()
            let next = at + WTF8.length(whole.bytes[at])
            let part = c.slice(whole, at, next)
            builder.append(
                Value(string: part.utf8, count: part.count, flags: StringFlags.of(part.utf8, part.count)), in: c.arena
            )
            at = next
        }
    }
}

/// Gathers a string in the arena.
struct TextBuilder {
    private let arena: Arena
    private var bytes: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    /// What is true of all parts: the whole is not looked at again, so that it may be called unclean when it is clean.
    private var flags = Value.Flag.clean | Value.Flag.ascii

    init(_ c: Context, capacity: Int) {
        arena = c.arena
        self.capacity = max(capacity, 16)
        bytes = arena.allocate(self.capacity).assumingMemoryBound(to: UInt8.self)
    }

    mutating func append(_ text: Value) { append(text, 0, text.count) }

    /// Appends the bytes of `text` from `from` up to `to`.
    mutating func append(_ text: Value, _ from: Int, _ to: Int) {
        let length = to - from
        flags &= text.head
        if capacity - count < length {
            let larger = max(capacity * 2, count + length)
            if !arena.extend(bytes, from: capacity, to: larger) {
                let fresh = arena.allocate(larger).assumingMemoryBound(to: UInt8.self)
                fresh.update(from: bytes, count: count)
                bytes = fresh
            }
            capacity = larger
        }
        (bytes + count).update(from: text.utf8 + from, count: length)
        count += length
    }

    func finish() -> Value { Value(string: bytes, count: count, flags: flags) }
}
