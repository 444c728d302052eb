@_spi(Engine) import JSON

/// Values that were made by appending, which have room behind them: appending to one again writes there.
///
/// A loop such as `$reduce(list, function($all, $item){$append($all, f($item))})` would copy all that it has gathered at
/// each step otherwise. Values never change, so that whoever else holds the shorter one sees no difference; only the
/// longest value in a piece of memory can grow in place, the others are copied as before.
struct GrowingValues {
    /// The few that were appended to last.
    private struct Entry {
        var base: UnsafeMutableRawPointer?
        /// Bytes of the longest value here, and bytes there is room for.
        var used = 0
        var capacity = 0
    }

    private static let places = 8
    private let entries: UnsafeMutablePointer<Entry>
    private var oldest = 0

    init() {
        entries = .allocate(capacity: Self.places)
        entries.initialize(repeating: Entry(), count: Self.places)
    }

    func destroy() { entries.deallocate() }

    func forget() { entries.update(repeating: Entry(), count: Self.places) }

    /// What is found where `used` bytes at `base` are to become `wanted`.
    enum Room {
        /// They can: they are written behind the others.
        case here
        /// A copy is needed, of this capacity.
        case copy(capacity: Int)
    }

    /// Takes room behind a value. Memory is doubled only for what is appended to for the second time.
    mutating func take(_ base: UnsafeMutableRawPointer, used: Int, wanted: Int) -> Room {
        for at in 0..<Self.places where entries[at].base == base && entries[at].used == used {
            guard wanted <= entries[at].capacity else {
                entries[at].base = nil
                return .copy(capacity: wanted * 2)
            }
            entries[at].used = wanted
            return .here
        }
        return .copy(capacity: wanted)
    }

    /// Whether a value is the longest in its memory, and there is room for `wanted` bytes.
    func hasRoom(_ base: UnsafeMutableRawPointer, used: Int, wanted: Int) -> Bool {
        for at in 0..<Self.places where entries[at].base == base && entries[at].used == used {
            return wanted <= entries[at].capacity
        }
        return false
    }

    /// Notes a value that was made by appending.
    mutating func add(_ base: UnsafeMutableRawPointer, used: Int, capacity: Int) {
        entries[oldest] = Entry(base: base, used: used, capacity: capacity)
        oldest = (oldest + 1) % Self.places
    }
}

extension Context {
    /// Shorter lists, texts and objects are copied: that is as fast.
    static let growingItems = 16
    static let growingBytes = 256
    static let growingMembers = 32

    /// The items of two lists in one.
    func appended(_ first: Value, _ items: UnsafeMutableBufferPointer<Value>) throws -> Value {
        let count = first.count + items.count
        guard first.count >= Self.growingItems, let source = items.baseAddress else {
            try reserve(count * 16)
            var builder = ValueBuilder(capacity: count, in: arena)
            builder.append(contentsOf: first.elements, in: arena)
            builder.append(contentsOf: items, in: arena)
            return builder.array()
        }
        let base = first.elements.baseAddress.unsafelyUnwrapped
        var target = base
        switch state.pointee.growing.take(base, used: first.count * 16, wanted: count * 16) {
        case .here: try work(items.count * 16)
        case .copy(let capacity):
            try reserve(capacity)
            target = arena.values(capacity / 16)
            target.update(from: base, count: first.count)
            state.pointee.growing.add(target, used: count * 16, capacity: capacity)
        }
        (target + first.count).update(from: source, count: items.count)
        return Value(array: target, count: count)
    }

    /// The bytes of a text with `more` behind them; writes only what is new where there is room.
    ///
    /// - Returns: where the whole text is. `count` bytes from `first.count` on are for the caller to write.
    func extended(_ first: Value, by count: Int) throws -> UnsafeMutablePointer<UInt8> {
        let wanted = first.count + count
        guard first.count >= Self.growingBytes else {
            try reserve(wanted)
            let bytes = arena.allocate(wanted).assumingMemoryBound(to: UInt8.self)
            bytes.update(from: first.utf8, count: first.count)
            return bytes
        }
        switch state.pointee.growing.take(first.pointer, used: first.count, wanted: wanted) {
        case .here:
            try work(count)
            return first.pointer.assumingMemoryBound(to: UInt8.self)
        case .copy(let capacity):
            try reserve(capacity)
            let bytes = arena.allocate(capacity).assumingMemoryBound(to: UInt8.self)
            bytes.update(from: first.utf8, count: first.count)
            state.pointee.growing.add(bytes, used: wanted, capacity: capacity)
            return bytes
        }
    }

    /// An object with the members of another one behind its own, where it was made by merging, has room, and none of the
    /// names is known or is a number; else nil.
    func merged(_ object: Value, _ others: UnsafeMutableBufferPointer<Value>) -> Value? {
        guard object.count >= Self.growingMembers else { return nil }
        var count = object.count
        for other in others where other.isObject { count += other.count }
        guard count - object.count <= 16, count > object.count,
            state.pointee.growing.hasRoom(object.pointer, used: object.count * 32, wanted: count * 32)
        else { return nil }
        let members = object.pointer.assumingMemoryBound(to: Member.self)
        var end = object.count
        for other in others where other.isObject {
            for member in other.members {
                if member.key.mayBeIndexKey || object.position(of: member.key) >= 0 { return nil }
                for at in object.count..<end where members[at].key.sameString(member.key) { return nil }
                // Nobody sees what is behind the members of the longest object.
                members[end] = member
                end += 1
            }
        }
        guard case .here = state.pointee.growing.take(object.pointer, used: object.count * 32, wanted: end * 32) else {
            return nil
        }
        ObjectIndex.enter(members, from: object.count, to: end, in: arena)
        return Value(members: members, count: end)
    }
}
