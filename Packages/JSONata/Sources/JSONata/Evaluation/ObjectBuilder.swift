@_spi(Engine) public import JSON

/// Gathers members with distinct keys.
@_spi(Engine) public struct ObjectBuilder {
    @_spi(Engine) public private(set) var members: UnsafeMutablePointer<Member>
    @_spi(Engine) public private(set) var count = 0
    @_spi(Engine) public private(set) var capacity: Int
    private var indexKeys = false
    /// Above this size positions are also kept by hash.
    private var positions: [UInt64: [Int]]?

    @_spi(Engine) public init(capacity: Int, in arena: Arena) {
        self.capacity = max(capacity, 2)
        members = Value.members(self.capacity, in: arena)
    }

    /// Adds a member whose key is known to be new.
    @inline(__always) @_spi(Engine) public mutating func add(_ key: Value, _ value: Value, in arena: Arena) {
        if count == capacity { grow(in: arena) }
        members[count] = (key, value)
        count &+= 1
        if key.mayBeIndexKey { indexKeys = true }
        if positions != nil { positions?[Self.hash(key), default: []].append(count - 1) }
    }

    private mutating func grow(in arena: Arena) {
        let larger = Value.members(capacity * 2, in: arena)
        larger.update(from: members, count: count)
        members = larger
        capacity *= 2
    }

    private static func hash(_ key: Value) -> UInt64 { KeyHash.hash(key.utf8, key.count) }

    /// Where `key` is, or nil.
    @_spi(Engine) public mutating func position(of key: Value) -> Int? {
        if count > 32 {
            if positions == nil {
                var fresh: [UInt64: [Int]] = [:]
                for at in 0..<count { fresh[Self.hash(members[at].key), default: []].append(at) }
                positions = fresh
            }
            return positions?[Self.hash(key)]?.first { members[$0].key.sameString(key) }
        }
        for at in 0..<count where members[at].key.sameString(key) { return at }
        return nil
    }

    @_spi(Engine) public mutating func set(_ key: Value, _ value: Value, in arena: Arena) {
        if let at = position(of: key) { members[at].value = value } else { add(key, value, in: arena) }
    }

    @_spi(Engine) public func value(at position: Int) -> Value { members[position].value }
    @_spi(Engine) public func key(at position: Int) -> Value { members[position].key }

    @_spi(Engine) public func object(in arena: Arena) -> Value {
        if indexKeys { Value.orderMembers(members, count: count) }
        let object = Value(members: members, count: count)
        if count > 64 { ObjectIndex.attach(to: object, in: arena) }
        return object
    }
}
