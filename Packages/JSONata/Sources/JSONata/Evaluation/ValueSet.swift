@_spi(Engine) public import JSON

/// Values that differ, found by hash. Equality is the language's: objects are equal in whatever order their members are.
@_spi(Engine) public struct ValueSet {
    private var values: [Value] = []
    /// Positions in `values`, once there are many.
    private var positions: [UInt64: [Int]] = [:]
    /// A few values are compared one by one.
    private static let few = 8

    @_spi(Engine) public init() {}

    /// Adds a value; false if one equal to it is there.
    @_spi(Engine) public mutating func insert(_ value: Value, _ c: Context) throws -> Bool {
        try c.tick()
        if values.count < Self.few {
            for other in values where try c.equal(other, value) { return false }
            values.append(value)
            if values.count == Self.few { try index(c) }
            return true
        }
        let hash = try Self.hash(value, c)
        for at in positions[hash] ?? [] where try c.equal(values[at], value) { return false }
        positions[hash, default: []].append(values.count)
        values.append(value)
        try c.hold(80)
        return true
    }

    @_spi(Engine) public func contains(_ value: Value, _ c: Context) throws -> Bool {
        try c.tick()
        if values.count < Self.few {
            for other in values where try c.equal(other, value) { return true }
            return false
        }
        for at in positions[try Self.hash(value, c)] ?? [] where try c.equal(values[at], value) { return true }
        return false
    }

    private mutating func index(_ c: Context) throws {
        for (at, value) in values.enumerated() { positions[try Self.hash(value, c), default: []].append(at) }
    }

    /// Equal values have equal hashes.
    private static func hash(_ value: Value, _ c: Context) throws -> UInt64 {
        let tag = UInt64(value.tag.rawValue)
        switch value.tag {
        case .string:
            try c.work(value.count)
            return KeyHash.hash(value.utf8, value.count)
        case .number:
            let number = value.double
            return KeyHash.mix(number == 0 ? 1 : number.bitPattern, 0x9E37_79B9_7F4A_7C15)
        case .array:
            try c.checkStack()
            var hash = tag &+ UInt64(value.count)
            for item in value.elements {
                try c.tick()
                hash = KeyHash.mix(hash ^ (try Self.hash(item, c)), 0xD6E8_FEB8_6659_FD93)
            }
            return hash
        case .object:
            try c.checkStack()
            // A sum does not tell the order of the members.
            var sum = tag &+ UInt64(value.count)
            for member in value.members {
                try c.tick()
                let key = KeyHash.hash(member.key.utf8, member.key.count)
                sum &+= KeyHash.mix(key ^ 0xA076_1D64_78BD_642F, try Self.hash(member.value, c) | 1)
            }
            return sum
        case .function, .host: return KeyHash.mix(value.word, 0x9E37_79B9_7F4A_7C15)
        default: return tag
        }
    }
}
