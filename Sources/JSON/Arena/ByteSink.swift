/// A growing buffer of bytes that is written to from one end.
public struct ByteSink {
    public var base: UnsafeMutablePointer<UInt8>
    public var count = 0
    public var capacity: Int

    public init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    public func destroy() { base.deallocate() }

    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for `more` bytes.
    @inlinable @inline(__always) public mutating func reserve(_ more: Int) {
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
    @inlinable @inline(__always) public mutating func put(_ byte: UInt8) {
        assert(count < capacity)
        base[count] = byte
        count &+= 1
    }

    @inlinable @inline(__always) public mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    @inlinable @inline(__always) public mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        UnsafeMutableRawPointer(base + count).copyMemory(from: bytes, byteCount: length)
        count &+= length
    }

    public mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }
}
