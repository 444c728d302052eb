/// A growing list of values in an arena; extends in place while nothing else was allocated.
@_spi(Engine) public struct ValueBuilder {
    @_spi(Engine) public var base: UnsafeMutablePointer<Value>?
    @_spi(Engine) public var count = 0
    @usableFromInline var capacity = 0

    @inlinable @inline(__always) @_spi(Engine) public init() {}

    @inlinable @inline(__always) @_spi(Engine) public init(capacity: Int, in arena: Arena) {
        base = arena.values(capacity)
        self.capacity = capacity
    }

    @inlinable @inline(__always) @_spi(Engine) public mutating func append(_ value: Value, in arena: Arena) {
        if count == capacity { grow(1, in: arena) }
        base.unsafelyUnwrapped[count] = value
        count &+= 1
    }

    @inlinable @_spi(Engine) public mutating func append(contentsOf values: UnsafeMutableBufferPointer<Value>, in arena: Arena) {
        guard values.count > 0 else { return }
        if capacity - count < values.count { grow(values.count, in: arena) }
        (base.unsafelyUnwrapped + count).update(from: values.baseAddress.unsafelyUnwrapped, count: values.count)
        count &+= values.count
    }

    @usableFromInline @inline(never) mutating func grow(_ more: Int, in arena: Arena) {
        let larger = max(capacity * 2, count + more, 4)
        if let base {
            if arena.extend(base, from: capacity * 16, to: larger * 16) {
                capacity = larger
                return
            }
            let fresh = arena.values(larger)
            fresh.update(from: base, count: count)
            self.base = fresh
        } else {
            base = arena.values(larger)
        }
        capacity = larger
    }

    @inlinable @inline(__always) @_spi(Engine) public func array(_ flags: UInt64 = 0) -> Value {
        Value(array: base, count: count, flags: flags)
    }
}
