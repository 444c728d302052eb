/// Objects: members in order behind a 16-byte header. Its first word is a hash index once one was needed, its second
/// where the object's text begins if it was read.
extension Value {
    /// Room for `capacity` members in `arena`; fill `members`, then make the value with `init(members:count:)`.
    @inlinable @inline(__always)
    @_spi(Engine) public static func members(_ capacity: Int, in arena: Arena) -> UnsafeMutablePointer<Member> {
        let start = arena.allocate(capacity &* 32 &+ 16)
        start.storeBytes(of: 0, as: UInt64.self)
        start.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
        return (start + 16).assumingMemoryBound(to: Member.self)
    }

    /// An object of members with distinct keys that are in the order JavaScript has them (see `orderMembers`).
    @inlinable @inline(__always)
    @_spi(Engine) public init(members: UnsafeMutablePointer<Member>, count: Int) {
        assert(count >= 0 && count <= UInt32.max)
        self.init(
            head: 7 | UInt64(truncatingIfNeeded: count) << 32, word: UInt64(UInt(bitPattern: members))
        )
    }

    @_spi(Engine) public static func emptyObject(in arena: Arena) -> Value { Value(members: members(0, in: arena), count: 0) }

    @inlinable @inline(__always) @_spi(Engine) public var members: UnsafeMutableBufferPointer<Member> {
        assert(tag == .object)
        return UnsafeMutableBufferPointer(start: pointer.assumingMemoryBound(to: Member.self), count: count)
    }

    /// The member named `key`, or undefined.
    @inlinable @inline(__always)
    @_spi(Engine) public func member(_ key: Value) -> Value {
        let at = position(of: key)
        return at < 0 ? .undefined : members[at].value
    }

    /// As `member(_:)`, looking first where the last look-up at this place of the program found it.
    @inlinable @inline(__always)
    @_spi(Engine) public func member(_ key: Value, hint: UnsafeMutablePointer<Int32>) -> Value {
        let members = pointer.assumingMemoryBound(to: Member.self)
        let guess = Int(hint.pointee)
        if guess < count, members[guess].key.sameString(key) { return members[guess].value }
        let at = position(of: key)
        if at < 0 { return .undefined }
        hint.pointee = Int32(truncatingIfNeeded: at)
        return members[at].value
    }

    @inlinable @_spi(Engine) public func position(of key: Value) -> Int {
        let count = self.count
        if count > ObjectIndex.threshold { return ObjectIndex.find(key, in: self) }
        let members = pointer.assumingMemoryBound(to: Member.self)
        var at = 0
        while at < count {
            if members[at].key.sameString(key) { return at }
            at &+= 1
        }
        return -1
    }

    /// Whether a key is an array index in JavaScript's eyes: such members come first, in ascending order.
    @inlinable @inline(__always) @_spi(Engine) public var mayBeIndexKey: Bool {
        let first = UInt8(truncatingIfNeeded: head >> 16)
        return first &- 0x30 < 10 && count > 0 && count <= 10
    }

    @_spi(Engine) public var indexKey: UInt64? {
        guard mayBeIndexKey else { return nil }
        let bytes = self.bytes
        if bytes[0] == 0x30 { return bytes.count == 1 ? 0 : nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard byte &- 0x30 < 10 else { return nil }
            number = number * 10 + UInt64(byte - 0x30)
        }
        return number < 0xFFFF_FFFF ? number : nil
    }

    /// Puts members whose keys are array indices first, ascending, as JavaScript enumerates them.
    @_spi(Engine) public static func orderMembers(_ members: UnsafeMutablePointer<Member>, count: Int) {
        let buffer = UnsafeMutableBufferPointer(start: members, count: count)
        guard buffer.contains(where: { $0.key.indexKey != nil }) else { return }
        let indexed = buffer.enumerated().map { (order: $0.element.key.indexKey, at: $0.offset, member: $0.element) }
        let sorted = indexed.sorted {
            switch ($0.order, $1.order) {
            case (let a?, let b?): a < b
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): $0.at < $1.at
            }
        }
        for (at, entry) in sorted.enumerated() { members[at] = entry.member }
    }
}

/// A hash table over the members of a large object, built when first asked, in memory that lives as long as the object.
@_spi(Engine) public enum ObjectIndex {
    /// Objects up to this size are scanned: faster than hashing.
    @inlinable @inline(__always) @_spi(Engine) public static var threshold: Int { 16 }

    /// Open addressing; an entry is a member's position plus one.
    struct Table {
        var slots: UnsafeMutablePointer<UInt32>
        var mask: Int
    }

    static func hash(_ key: Value) -> Int {
        Int(truncatingIfNeeded: KeyHash.hash(key.utf8, key.count))
    }

    static func build(for count: Int, in arena: Arena) -> Table {
        var size = 32
        while size < count * 2 { size *= 2 }
        let slots = arena.allocate(size * 4).assumingMemoryBound(to: UInt32.self)
        slots.initialize(repeating: 0, count: size)
        return Table(slots: slots, mask: size - 1)
    }

    /// Finds `key` among `members`, or enters `position` for it. Returns the position it has.
    static func insert(
        _ key: Value, _ position: Int, _ table: Table, _ members: UnsafeMutablePointer<Member>
    ) -> Int {
        var at = hash(key) & table.mask
        while table.slots[at] != 0 {
            let there = Int(table.slots[at]) - 1
            if members[there].key.sameString(key) { return there }
            at = (at + 1) & table.mask
        }
        table.slots[at] = UInt32(position + 1)
        return position
    }

    /// Makes the index of an object so that look-ups need not scan.
    @_spi(Engine) public static func attach(to object: Value, in arena: Arena) {
        guard object.count > threshold else { return }
        let table = build(for: object.count, in: arena)
        let members = object.members
        for at in 0..<members.count { _ = insert(members[at].key, at, table, members.baseAddress!) }
        store(table, before: members.baseAddress!, in: arena)
    }

    static func store(_ table: Table, before members: UnsafeMutablePointer<Member>, in arena: Arena) {
        let box = arena.allocate(MemoryLayout<Table>.stride)
        box.storeBytes(of: table, as: Table.self)
        (UnsafeMutableRawPointer(members) - 16).storeBytes(of: UInt64(UInt(bitPattern: box)), as: UInt64.self)
    }

    /// Gives an object the index of another one with the same keys in the same order.
    @inline(__always)
    static func share(from members: UnsafeMutablePointer<Member>, to others: UnsafeMutablePointer<Member>) {
        let word = (UnsafeMutableRawPointer(members) - 16).load(as: UInt64.self)
        (UnsafeMutableRawPointer(others) - 16).storeBytes(of: word, as: UInt64.self)
    }

    @usableFromInline @inline(never)
    static func find(_ key: Value, in object: Value) -> Int {
        let members = object.pointer.assumingMemoryBound(to: Member.self)
        let word = (object.pointer - 16).load(as: UInt64.self)
        guard let box = UnsafeRawPointer(bitPattern: UInt(word)) else {
            for at in 0..<object.count where members[at].key.sameString(key) { return at }
            return -1
        }
        let table = box.load(as: Table.self)
        var at = hash(key) & table.mask
        while table.slots[at] != 0 {
            let there = Int(table.slots[at]) - 1
            // A table may know members that were added behind those of this object, see `enter`.
            if members[there].key.sameString(key) { return there < object.count ? there : -1 }
            at = (at + 1) & table.mask
        }
        return -1
    }

    /// Enters the members from `first` up to `count` that were written behind an object that has a table of its own, which
    /// is replaced where it is full. Objects that share the members go on as they are.
    @_spi(Engine) public static func enter(
        _ members: UnsafeMutablePointer<Member>, from first: Int, to count: Int, in arena: Arena
    ) {
        let word = (UnsafeMutableRawPointer(members) - 16).load(as: UInt64.self)
        guard let box = UnsafeRawPointer(bitPattern: UInt(word)), case let table = box.load(as: Table.self),
            count * 2 <= table.mask + 1
        else {
            let table = build(for: count * 2, in: arena)
            for at in 0..<count { _ = insert(members[at].key, at, table, members) }
            store(table, before: members, in: arena)
            return
        }
        for at in first..<count { _ = insert(members[at].key, at, table, members) }
    }
}
