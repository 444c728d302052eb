/// What a `Value` is.
@_spi(Engine) public enum Tag: UInt8, Sendable {
    case undefined, null, `false`, `true`, number, string, array, object, function, host
}

/// One value of the data model in 16 bytes, without reference counts; its parts live in an arena or an input buffer.
///
/// Word 0 is tag (8 bits), flags (8), the first two bytes of a string (16) and a length (32): unequal strings nearly
/// always differ in it. Word 1 is a double, or a pointer to bytes, elements or members.
/// A value must not outlive the memory it points into.
@_spi(Engine) public struct Value: Sendable {
    @_spi(Engine) public var head: UInt64
    @_spi(Engine) public var word: UInt64

    @inlinable @inline(__always) @_spi(Engine) public init(head: UInt64, word: UInt64) {
        self.head = head
        self.word = word
    }

    /// Flags are bits of word 0 from bit 8 on.
    @_spi(Engine) public enum Flag {
        /// A number that is still the text it was written as.
        @inlinable @inline(__always) @_spi(Engine) public static var text: UInt64 { 1 << 8 }
        /// A string that can be written between quotes as it is.
        @inlinable @inline(__always) @_spi(Engine) public static var clean: UInt64 { 1 << 8 }
        @inlinable @inline(__always) @_spi(Engine) public static var ascii: UInt64 { 1 << 9 }
        /// An array that the evaluation made: a single item stands for itself.
        @inlinable @inline(__always) @_spi(Engine) public static var sequence: UInt64 { 1 << 8 }
        @inlinable @inline(__always) @_spi(Engine) public static var keepSingleton: UInt64 { 1 << 9 }
        /// An array that a constructor made: not flattened into the path's result.
        @inlinable @inline(__always) @_spi(Engine) public static var constructed: UInt64 { 1 << 10 }
        /// The wrapper around an input document that is an array.
        @inlinable @inline(__always) @_spi(Engine) public static var outer: UInt64 { 1 << 11 }
        /// An object that is written as the text it was read from, byte for byte.
        @_spi(Engine) public static var verbatim: UInt64 { 1 << 8 }
        @inlinable @inline(__always) @_spi(Engine) public static var tuples: UInt64 { 1 << 12 }
        @inlinable @inline(__always) @_spi(Engine) public static var all: UInt64 { 0xFF00 }
    }

    @inlinable @inline(__always) @_spi(Engine) public init(_ tag: Tag) { self.init(head: UInt64(tag.rawValue), word: 0) }
    @inlinable @inline(__always) @_spi(Engine) public static var undefined: Value { Value(head: 0, word: 0) }
    @inlinable @inline(__always) @_spi(Engine) public static var null: Value { Value(head: 1, word: 0) }
    @inlinable @inline(__always) @_spi(Engine) public init(_ value: Bool) { self.init(head: value ? 3 : 2, word: 0) }
    @inlinable @inline(__always) @_spi(Engine) public init(_ value: Double) { self.init(head: 4, word: value.bitPattern) }

    @inlinable @inline(__always) @_spi(Engine) public var tag: Tag {
        // Every writer of `head` stores a tag there, and the raw values are the cases' own numbers.
        unsafeBitCast(UInt8(truncatingIfNeeded: head), to: Tag.self)
    }
    @inlinable @inline(__always) @_spi(Engine) public var isUndefined: Bool { head & 0xFF == 0 }
    @inlinable @inline(__always) @_spi(Engine) public var isArray: Bool { tag == .array }
    @inlinable @inline(__always) @_spi(Engine) public var isObject: Bool { tag == .object }
    @inlinable @inline(__always) @_spi(Engine) public var isString: Bool { tag == .string }
    @inlinable @inline(__always) @_spi(Engine) public var isNumber: Bool { tag == .number }
    @inlinable @inline(__always) @_spi(Engine) public var isFunction: Bool { tag == .function }
    @inlinable @inline(__always) @_spi(Engine) public func has(_ flag: UInt64) -> Bool { head & flag != 0 }
    @inlinable @inline(__always) @_spi(Engine) public func with(_ flag: UInt64) -> Value { Value(head: head | flag, word: word) }
    @inlinable @inline(__always) @_spi(Engine) public func without(_ flag: UInt64) -> Value { Value(head: head & ~flag, word: word) }

    @inlinable @inline(__always) @_spi(Engine) public var isSequence: Bool { head & (0xFF | Flag.sequence) == 6 | Flag.sequence }

    /// Bytes of a string, elements of an array, members of an object.
    @inlinable @inline(__always) @_spi(Engine) public var count: Int { Int(truncatingIfNeeded: head >> 32) }
    @inlinable @inline(__always) @_spi(Engine) public var pointer: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(word)).unsafelyUnwrapped
    }
}

// MARK: Strings

extension Value {
    @inlinable @inline(__always) @_spi(Engine) public var isText: Bool { head & (0xFF | Flag.text) == 4 | Flag.text }

    /// A string of WTF-8 bytes that stay where they are.
    @inlinable @inline(__always)
    @_spi(Engine) public init(string bytes: UnsafePointer<UInt8>, count: Int, flags: UInt64) {
        assert(count >= 0 && count <= UInt32.max)
        var head = 5 | flags | UInt64(truncatingIfNeeded: count) << 32
        if count >= 2 {
            head |= UInt64(bytes[0]) << 16 | UInt64(bytes[1]) << 24
        } else if count == 1 {
            head |= UInt64(bytes[0]) << 16
        }
        self.init(head: head, word: UInt64(UInt(bitPattern: bytes)))
    }

    /// A string of constant ASCII text without quotes and backslashes.
    @_spi(Engine) public init(constant text: StaticString) {
        self.init(string: text.utf8Start, count: text.utf8CodeUnitCount, flags: Flag.clean | Flag.ascii)
    }

    /// As `init(string:count:flags:)`, of bytes behind which there is at least one more.
    @inline(__always)
    init(padded bytes: UnsafePointer<UInt8>, count: Int, flags: UInt64) {
        let pair = UInt64(UInt16(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt16.self)))
        let mask: UInt64 = count > 1 ? 0xFFFF : count == 1 ? 0xFF : 0
        self.init(
            head: 5 | flags | UInt64(truncatingIfNeeded: count) << 32 | (pair & mask) << 16,
            word: UInt64(UInt(bitPattern: bytes))
        )
    }

    /// A number that keeps the text it was written as.
    @inlinable @inline(__always)
    @_spi(Engine) public init(numberText bytes: UnsafePointer<UInt8>, count: Int) {
        self.init(
            head: 4 | Flag.text | UInt64(truncatingIfNeeded: count) << 32, word: UInt64(UInt(bitPattern: bytes))
        )
    }

    /// The bytes of a string, or of a number's text.
    @inlinable @inline(__always) @_spi(Engine) public var bytes: UnsafeBufferPointer<UInt8> {
        assert(tag == .string || isText)
        return UnsafeBufferPointer(
            start: UnsafePointer(pointer.assumingMemoryBound(to: UInt8.self)), count: count
        )
    }

    @inlinable @inline(__always) @_spi(Engine) public var utf8: UnsafePointer<UInt8> {
        UnsafePointer(pointer.assumingMemoryBound(to: UInt8.self))
    }

    /// Whether two strings have the same bytes.
    @inlinable @inline(__always) @_spi(Engine) public func sameString(_ other: Value) -> Bool {
        let mask = ~Flag.all
        guard head & mask == other.head & mask else { return false }
        if word == other.word { return true }
        return Self.sameBytes(utf8, other.utf8, count)
    }

    @inlinable @inline(__always)
    static func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let x = UnsafeRawPointer(a), y = UnsafeRawPointer(b)
        if count >= 8 {
            var at = 0
            while at &+ 8 <= count {
                if x.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    != y.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                {
                    return false
                }
                at &+= 8
            }
            return x.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
                == y.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        }
        if count >= 4 {
            return x.loadUnaligned(as: UInt32.self) == y.loadUnaligned(as: UInt32.self)
                && x.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                    == y.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
        }
        // The first two bytes are in the head and were compared there.
        return count < 3 || a[2] == b[2]
    }
}

// MARK: Numbers

extension Value {
    /// The number as a double; for a number that is still text this reads the text.
    @inlinable @inline(__always) @_spi(Engine) public var double: Double {
        assert(tag == .number)
        return head & Flag.text == 0 ? Double(bitPattern: word) : NumberBytes.double(utf8, count)
    }
}

// MARK: Arrays and objects

extension Value {
    @inlinable @inline(__always)
    @_spi(Engine) public init(array elements: UnsafeMutablePointer<Value>?, count: Int, flags: UInt64 = 0) {
        assert(count >= 0 && count <= UInt32.max)
        self.init(
            head: 6 | flags | UInt64(truncatingIfNeeded: count) << 32,
            word: UInt64(UInt(bitPattern: elements))
        )
    }

    @inlinable @inline(__always) @_spi(Engine) public static var emptyArray: Value { Value(array: nil, count: 0) }

    @inlinable @inline(__always) @_spi(Engine) public var elements: UnsafeMutableBufferPointer<Value> {
        assert(tag == .array)
        return UnsafeMutableBufferPointer(
            start: UnsafeMutablePointer(bitPattern: UInt(word)), count: count
        )
    }

    @inlinable @inline(__always) @_spi(Engine) public func element(_ index: Int) -> Value {
        assert(tag == .array && index >= 0 && index < count)
        return UnsafeMutablePointer<Value>(bitPattern: UInt(word)).unsafelyUnwrapped[index]
    }
}

@_spi(Engine) public typealias Member = (key: Value, value: Value)
