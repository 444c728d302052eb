/// A growing buffer of bytes that is written to from one end.
@_spi(Engine) public struct ByteSink {
    @_spi(Engine) public var base: UnsafeMutablePointer<UInt8>
    @_spi(Engine) public var count = 0
    @_spi(Engine) public var capacity: Int

    @_spi(Engine) public init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    @_spi(Engine) public func destroy() { base.deallocate() }

    @_spi(Engine) public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for `more` bytes.
    @inlinable @inline(__always) @_spi(Engine) public mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @usableFromInline @inline(never) mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        fresh.update(from: base, count: count)
        base.deallocate()
        base = fresh
        capacity = larger
    }

    /// Appends a byte for which `reserve` made room.
    @inlinable @inline(__always) @_spi(Engine) public mutating func put(_ byte: UInt8) {
        assert(count < capacity)
        base[count] = byte
        count &+= 1
    }

    /// Appends bytes for which `reserve` made room. Short ones, which most are, by two overlapping words.
    @inlinable @inline(__always) @_spi(Engine) public mutating func copy(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        assert(count + length <= capacity)
        let from = UnsafeRawPointer(bytes), to = UnsafeMutableRawPointer(base + count)
        count &+= length
        if length > 16 { return to.copyMemory(from: from, byteCount: length) }
        if length >= 8 {
            let first = from.loadUnaligned(as: UInt64.self)
            let last = from.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            to.storeBytes(of: first, as: UInt64.self)
            to.storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
        } else if length >= 4 {
            let first = from.loadUnaligned(as: UInt32.self)
            let last = from.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
            to.storeBytes(of: first, as: UInt32.self)
            to.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
        } else {
            for at in 0..<length { to.storeBytes(of: bytes[at], toByteOffset: at, as: UInt8.self) }
        }
    }

    @inlinable @inline(__always) @_spi(Engine) public mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    @inlinable @inline(__always) @_spi(Engine) public mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        copy(bytes, length)
    }

    @_spi(Engine) public mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }
}
