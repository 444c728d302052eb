@_spi(Engine) public import JSON

/// Making values.
extension Context {
    @_spi(Engine) public func string(_ text: String) -> Value { Value(copying: text, in: arena) }

    @_spi(Engine) public func string(_ bytes: [UInt8]) -> Value {
        bytes.withUnsafeBufferPointer { Value(copying: $0, in: arena) }
    }

    @_spi(Engine) public func string(copying bytes: UnsafeBufferPointer<UInt8>) -> Value { Value(copying: bytes, in: arena) }

    /// A string of constant text, not copied.
    @_spi(Engine) public func string(_ text: StaticString) -> Value {
        Value(string: text.utf8Start, count: text.utf8CodeUnitCount, flags: Value.Flag.clean | Value.Flag.ascii)
    }

    /// Room for a string of at most `capacity` bytes, filled by `fill`, which returns the length.
    @_spi(Engine) public func string(
        capacity: Int, _ fill: (UnsafeMutablePointer<UInt8>) throws -> Int
    ) throws -> Value {
        try reserve(capacity)
        let bytes = arena.allocate(max(capacity, 1)).assumingMemoryBound(to: UInt8.self)
        let count = try fill(bytes)
        assert(count <= capacity)
        return Value(string: bytes, count: count, flags: StringFlags.of(bytes, count))
    }

    /// Part of a string, sharing its bytes.
    @inline(__always) @_spi(Engine) public func slice(_ string: Value, _ from: Int, _ to: Int) -> Value {
        assert(0 <= from && from <= to && to <= string.count)
        return Value(
            string: string.utf8 + from, count: to - from,
            flags: string.head & (Value.Flag.clean | Value.Flag.ascii)
        )
    }

    @_spi(Engine) public func array(_ items: [Value], flags: UInt64 = 0) -> Value {
        guard !items.isEmpty else { return Value.emptyArray.with(flags) }
        let elements = arena.values(items.count)
        for at in items.indices { elements[at] = items[at] }
        return Value(array: elements, count: items.count, flags: flags)
    }

    /// An array that stands for its only item when it has one, and for nothing when it has none.
    @_spi(Engine) public func sequence(_ items: [Value]) -> Value { array(items, flags: Value.Flag.sequence) }

    @inline(__always) func sequence(of value: Value) -> Value {
        let elements = arena.values(1)
        elements[0] = value
        return Value(array: elements, count: 1, flags: Value.Flag.sequence)
    }

    /// An object; of a repeated key the last value wins.
    @_spi(Engine) public func object(_ members: [(key: Value, value: Value)]) -> Value {
        var builder = ObjectBuilder(capacity: members.count, in: arena)
        for member in members { builder.set(member.key, member.value, in: arena) }
        return builder.object(in: arena)
    }

    @_spi(Engine) public func object(_ members: [(String, Value)]) -> Value { object(members.map { (string($0.0), $0.1) }) }

    @_spi(Engine) public func friendly(_ value: Value) throws -> JSONValue? {
        let left = max(0, memoryLeft)
        var room = left
        defer { state.pointee.meter.outside += left - room }
        do throws(ValueWriter.Failure) {
            return try value.jsonValue(room: &room) { self.hostObject($0)?.json(self) ?? .null }
        } catch {
            throw fault(error)
        }
    }

    @_spi(Engine) public func value(_ value: JSONValue?) -> Value { value.map { Value($0, in: arena) } ?? .undefined }

    /// What remains of a value once its evaluation is complete: a sequence of one is its item, an empty one nothing.
    @inline(__always) @_spi(Engine) public func unwrap(_ value: Value, keepArray: Bool = false) -> Value {
        guard value.isSequence, !value.has(Value.Flag.tuples) else { return value }
        let value = keepArray ? value.with(Value.Flag.keepSingleton) : value
        if value.count == 0 { return .undefined }
        if value.count == 1, !value.has(Value.Flag.keepSingleton) { return value.element(0) }
        return value
    }

    /// The value as an array: itself, or one around it.
    @inline(__always) @_spi(Engine) public func asArray(_ value: Value) -> Value {
        value.isArray ? value : sequence(of: value)
    }

    /// The language's `$append`, which always gives a plain array when both sides are there.
    @_spi(Engine) public func append(_ first: Value, _ second: Value) throws -> Value {
        if first.isUndefined { return second }
        if second.isUndefined { return first }
        let count = (first.isArray ? first.count : 1) + (second.isArray ? second.count : 1)
        try checkSequence(count)
        let start = first.isArray ? first : sequence(of: first)
        if second.isArray { return try appended(start, second.elements) }
        var item = second
        return try withUnsafeMutablePointer(to: &item) {
            try appended(start, UnsafeMutableBufferPointer(start: $0, count: 1))
        }
    }
}
