/// Reads RFC 8259 text into values in one pass. Strings stay where they are in the text; numbers stay text.
///
/// Strict: invalid UTF-8, deep nesting and anything after the document are refused. Of a repeated member the last
/// value stands in the first one's place, and members named by array indices come first, as in JavaScript.
@_spi(Engine) public struct ValueReader {
    private let arena: Arena
    private let start: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private let maxDepth: Int
    /// Values of the containers that are being read; copied once when a container ends.
    private var stack: UnsafeMutablePointer<Value>
    private var stackCount = 0
    private var stackCapacity = 1024
    private let shapes: ObjectShapes
    private var fault: (message: StaticString, at: UnsafePointer<UInt8>)?

    private typealias Cursor = UnsafePointer<UInt8>

    /// Zero bytes behind a text: the string scan reads whole words, and zeros end every other scan.
    @_spi(Engine) public static let padding = 16

    /// Reads `bytes`, which are copied into `arena` first.
    @_spi(Engine) public static func read(
        _ bytes: UnsafeRawBufferPointer, in arena: Arena, maxDepth: Int = 512
    ) throws(JSONError) -> Value {
        guard bytes.count < Int(Int32.max) else { throw JSONError("document larger than 2 GB", at: 0) }
        let copy = arena.allocate(bytes.count + padding)
        if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: bytes.count) }
        (copy + bytes.count).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
        let text = UnsafePointer(copy.assumingMemoryBound(to: UInt8.self))
        return try read(padded: text, count: bytes.count, in: arena, maxDepth: maxDepth)
    }

    /// Reads a text where it lies: behind it there are `padding` zero bytes, and it outlives the values.
    @_spi(Engine) public static func read(
        padded text: UnsafePointer<UInt8>, count: Int, in arena: Arena, maxDepth: Int = 512
    ) throws(JSONError) -> Value {
        guard count < Int(Int32.max) else { throw JSONError("document larger than 2 GB", at: 0) }
        var reader = ValueReader(arena: arena, text: text, count: count, maxDepth: maxDepth)
        defer {
            reader.stack.deallocate()
            reader.shapes.deallocate()
        }
        var value = Value.undefined
        guard var at = reader.value(text, 0, 0, &value) else { throw reader.error }
        at = reader.space(at)
        guard at == reader.end else { throw JSONError("text after the document", at: at - text) }
        return value
    }

    private init(arena: Arena, text: UnsafePointer<UInt8>, count: Int, maxDepth: Int) {
        self.arena = arena
        self.maxDepth = maxDepth
        start = text
        end = text + count
        stack = .allocate(capacity: stackCapacity)
        shapes = ObjectShapes()
    }

    private var error: JSONError {
        guard let fault else { return JSONError("unexpected character", at: 0) }
        return JSONError(
            fault.at >= end ? "unexpected end" : fault.message.description, at: min(fault.at, end) - start
        )
    }

    private mutating func fail(_ message: StaticString, _ at: Cursor) -> Cursor? {
        fault = (message, at)
        return nil
    }

    @inline(__always) private func space(_ at: Cursor) -> Cursor {
        var at = at
        while at.pointee <= 0x20, at.pointee == 0x20 || at.pointee == 0x0A || at.pointee == 0x0D || at.pointee == 0x09 {
            at += 1
        }
        return at
    }

    @inline(__always) private mutating func push(_ value: Value) {
        if stackCount == stackCapacity { growStack() }
        stack[stackCount] = value
        stackCount &+= 1
    }

    @inline(never) private mutating func growStack() {
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: stackCapacity * 2)
        larger.update(from: stack, count: stackCount)
        stack.deallocate()
        stack = larger
        stackCapacity *= 2
    }

    /// - Parameter place: where the value stands in the containers around it, see `ObjectShapes`.
    private mutating func value(_ from: Cursor, _ depth: Int, _ place: Int, _ out: inout Value) -> Cursor? {
        let at = space(from)
        switch at.pointee {
        case UInt8(ascii: "\""): return string(at, &out)
        case UInt8(ascii: "{"): return object(at, depth, place, &out)
        case UInt8(ascii: "["): return array(at, depth, place, &out)
        case UInt8(ascii: "t"): return literal(at, 0x6575_7274, 4, Value(true), &out)
        case UInt8(ascii: "n"): return literal(at, 0x6C6C_756E, 4, .null, &out)
        case UInt8(ascii: "f"):
            guard Self.word(at + 1) == 0x6573_6C61 else {
                return fail("unexpected character", at)
            }
            out = Value(false)
            return at + 5
        default: return number(at, &out)
        }
    }

    @inline(__always) private static func word(_ at: Cursor) -> UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt32.self))
    }

    @inline(__always)
    private mutating func literal(
        _ at: Cursor, _ word: UInt32, _ length: Int, _ value: Value, _ out: inout Value
    ) -> Cursor? {
        guard Self.word(at) == word else { return fail("unexpected character", at) }
        out = value
        return at + length
    }

    private mutating func array(_ from: Cursor, _ depth: Int, _ place: Int, _ out: inout Value) -> Cursor? {
        guard depth < maxDepth else { return fail("nested too deep", from) }
        var at = space(from + 1)
        if at.pointee == UInt8(ascii: "]") {
            out = .emptyArray
            return at + 1
        }
        let base = stackCount
        while true {
            var item = Value.undefined
            guard let next = value(at, depth &+ 1, ObjectShapes.items(of: place), &item) else { return nil }
            push(item)
            at = space(next)
            if at.pointee == UInt8(ascii: ",") {
                at += 1
            } else if at.pointee == UInt8(ascii: "]") {
                let count = stackCount &- base
                let elements = arena.values(count)
                elements.update(from: stack + base, count: count)
                stackCount = base
                out = Value(array: elements, count: count)
                return at + 1
            } else {
                return fail("expected ',' or ']'", at)
            }
        }
    }

    private mutating func object(_ from: Cursor, _ depth: Int, _ place: Int, _ out: inout Value) -> Cursor? {
        guard depth < maxDepth else { return fail("nested too deep", from) }
        var at = space(from + 1)
        if at.pointee == UInt8(ascii: "}") {
            out = .emptyObject(in: arena)
            return at + 1
        }
        let base = stackCount
        var indexKeys = false
        let shape = shapes[place]
        // Members so far, and how many of them are named as those of the object before at this place.
        var index = 0
        var known = 0
        while true {
            guard at.pointee == UInt8(ascii: "\"") else { return fail("expected a member name", at) }
            if known == index, index < shape.count, ObjectShapes.names(at + 1, shape.key(index)) {
                let key = shape.key(index)
                push(key)
                at = space(at + (key.count &+ 2))
                known &+= 1
            } else {
                var key = Value.undefined
                guard let afterKey = string(at, &key) else { return nil }
                at = space(afterKey)
                if key.mayBeIndexKey { indexKeys = true }
                push(key)
            }
            guard at.pointee == UInt8(ascii: ":") else { return fail("expected ':'", at) }
            index &+= 1
            var item = Value.undefined
            guard let next = value(at + 1, depth &+ 1, ObjectShapes.member(index, of: place), &item) else { return nil }
            push(item)
            at = space(next)
            if at.pointee == UInt8(ascii: ",") {
                at = space(at + 1)
            } else if at.pointee == UInt8(ascii: "}") {
                out =
                    known == index
                    ? finish(base, from, shape) : finish(base, from, place, indexKeys: indexKeys)
                return at + 1
            } else {
                return fail("expected ',' or '}'", at)
            }
        }
    }

    /// Moves the members from the stack into the object that began at `text`.
    @inline(__always)
    private mutating func gathered(_ base: Int, _ text: Cursor) -> (members: UnsafeMutablePointer<Member>, count: Int) {
        let written = (stackCount &- base) >> 1
        let members = Value.members(written, in: arena)
        Value.setSource(text, of: members)
        UnsafeMutableRawPointer(members).copyMemory(from: stack + base, byteCount: written &* 32)
        stackCount = base
        return (members, written)
    }

    /// An object whose members are named as the first ones of `shape`: then they differ, and none is an array index.
    @inline(__always) private mutating func finish(_ base: Int, _ text: Cursor, _ shape: ObjectShapes.Shape) -> Value {
        let (members, count) = gathered(base, text)
        let object = Value(members: members, count: count)
        if count > ObjectIndex.threshold {
            if count == shape.count {
                ObjectIndex.share(from: shape.members.unsafelyUnwrapped, to: members)
            } else {
                ObjectIndex.attach(to: object, in: arena)
            }
        }
        return object
    }

    private mutating func finish(_ base: Int, _ text: Cursor, _ place: Int, indexKeys: Bool) -> Value {
        let (members, written) = gathered(base, text)
        var count = written
        var table: ObjectIndex.Table?
        if written > ObjectIndex.threshold {
            let index = ObjectIndex.build(for: written, in: arena)
            count = 0
            for at in 0..<written {
                let place = ObjectIndex.insert(members[at].key, count, index, members)
                if place == count {
                    members[count] = members[at]
                    count += 1
                } else {
                    members[place].value = members[at].value
                }
            }
            table = index
        } else if mayRepeat(members, written) {
            count = dropRepeated(members, written)
        }
        if indexKeys {
            Value.orderMembers(members, count: count)
            table = nil
        }
        if let table { ObjectIndex.store(table, before: members, in: arena) }
        if !indexKeys { shapes[place] = ObjectShapes.Shape(members: members, count: count) }
        return Value(members: members, count: count)
    }

    /// A 64-bit filter of the keys seen: when no bit is met twice, no key is.
    @inline(__always)
    private func mayRepeat(_ members: UnsafeMutablePointer<Member>, _ count: Int) -> Bool {
        var seen: UInt64 = 0
        for at in 0..<count {
            let key = members[at].key
            var hash = (key.head & ~Value.Flag.all)
            if key.count > 2 {
                let bytes = key.utf8
                let last = key.count &- 1
                hash ^= UInt64(bytes[last]) << 8 | UInt64(bytes[last >> 1]) << 24 | UInt64(bytes[last &- 1]) << 44
            }
            let bit: UInt64 = 1 << ((hash &* 0x9E37_79B9_7F4A_7C15) >> 58)
            if seen & bit != 0 {
                for before in 0..<at where members[before].key.sameString(key) { return true }
            }
            seen |= bit
        }
        return false
    }

    private func dropRepeated(_ members: UnsafeMutablePointer<Member>, _ written: Int) -> Int {
        var count = 0
        next: for at in 0..<written {
            for before in 0..<count where members[before].key.sameString(members[at].key) {
                members[before].value = members[at].value
                continue next
            }
            members[count] = members[at]
            count += 1
        }
        return count
    }

    private mutating func number(_ from: Cursor, _ out: inout Value) -> Cursor? {
        var at = from
        if at.pointee == UInt8(ascii: "-") { at += 1 }
        if at.pointee == UInt8(ascii: "0") {
            at += 1
        } else {
            guard at.pointee &- 0x30 < 10 else { return fail("unexpected character", at) }
            repeat { at += 1 } while at.pointee &- 0x30 < 10
        }
        if at.pointee == UInt8(ascii: ".") {
            at += 1
            guard at.pointee &- 0x30 < 10 else { return fail("expected a digit", at) }
            repeat { at += 1 } while at.pointee &- 0x30 < 10
        }
        if at.pointee | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at.pointee == UInt8(ascii: "+") || at.pointee == UInt8(ascii: "-") { at += 1 }
            guard at.pointee &- 0x30 < 10 else { return fail("expected a digit", at) }
            repeat { at += 1 } while at.pointee &- 0x30 < 10
        }
        out = Value(numberText: from, count: at - from)
        return at
    }

    private mutating func string(_ quote: Cursor, _ out: inout Value) -> Cursor? {
        let first = quote + 1
        var at = first
        var high: UInt64 = 0
        while true {
            let word = WordScan.load(at)
            let special = WordScan.special(word)
            if special == 0 {
                high |= word & WordScan.tops
                at += 8
                continue
            }
            let shift = special.trailingZeroBitCount
            high |= word & WordScan.tops & (shift == 7 ? 0 : (1 << UInt64(shift &- 7)) &- 1)
            at += shift >> 3
            break
        }
        guard at.pointee == UInt8(ascii: "\"") else {
            if at.pointee == UInt8(ascii: "\\") { return escaped(first, &out) }
            return fail("control character in a string", at)
        }
        if high != 0, !UTF8Check.isValid(first, at - first) { return fail("invalid UTF-8", first) }
        out = Value(
            padded: first, count: at - first, flags: high == 0 ? Value.Flag.clean | Value.Flag.ascii : Value.Flag.clean
        )
        return at + 1
    }

    @inline(never) private mutating func escaped(_ first: Cursor, _ out: inout Value) -> Cursor? {
        var unescape = Unescape()
        guard let length = unescape.measure(first, end) else {
            return fail(unescape.message, unescape.at)
        }
        let bytes = arena.allocate(length).assumingMemoryBound(to: UInt8.self)
        let count = unescape.write(first, length, to: bytes)
        guard unescape.ascii || UTF8Check.isValid(bytes, count, allowingSurrogates: unescape.loneSurrogate) else {
            return fail("invalid UTF-8", first)
        }
        let flags =
            (unescape.clean && !unescape.loneSurrogate ? Value.Flag.clean : 0) | (unescape.ascii ? Value.Flag.ascii : 0)
        out = Value(string: bytes, count: count, flags: flags)
        return first + length + 1
    }
}
