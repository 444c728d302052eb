/// The member names of the objects read last, by place in the document: records of a list mostly have the same.
///
/// An object whose members are named as those of the one before at its place needs no scan of its names, no search for
/// repeated ones and no hash index of its own.
struct ObjectShapes {
    struct Shape {
        var members: UnsafeMutablePointer<Member>?
        var count: Int

        @inline(__always) func key(_ index: Int) -> Value { members.unsafelyUnwrapped[index].key }
    }

    private static let places = 128
    private let shapes: UnsafeMutablePointer<Shape>

    init() {
        shapes = .allocate(capacity: Self.places)
        shapes.initialize(repeating: Shape(members: nil, count: 0), count: Self.places)
    }

    func deallocate() { shapes.deallocate() }

    // A place is a number that the containers on the way to it are mixed into. Where two come to the same number, a
    // shape is guessed wrong and nothing else happens.

    @inline(__always) static func items(of place: Int) -> Int { (place &* 31 &+ 97) & (places - 1) }
    @inline(__always) static func member(_ index: Int, of place: Int) -> Int { (place &* 31 &+ index) & (places - 1) }

    @inline(__always) subscript(_ place: Int) -> Shape {
        get { shapes[place] }
        nonmutating set { shapes[place] = newValue }
    }

    /// Whether the text at `at`, behind a quote, is the name `key` and its closing quote. The text is padded.
    @inline(__always) static func names(_ at: UnsafePointer<UInt8>, _ key: Value) -> Bool {
        let count = key.count
        // Names that were written with escapes are compared by what they mean, not by their text.
        guard key.has(Value.Flag.clean), count > 0, at[min(count, 8)] == 0x22 || count > 8 else { return false }
        let text = UnsafeRawPointer(at), name = UnsafeRawPointer(key.utf8)
        if count <= 8 {
            // Both have eight bytes to read: the text by its padding, an arena by its alignment.
            let difference =
                UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
                ^ UInt64(littleEndian: name.loadUnaligned(as: UInt64.self))
            return difference << UInt64(64 &- count &* 8) == 0
        }
        var offset = 0
        while offset &+ 8 <= count {
            guard word(text, offset) == word(name, offset) else { return false }
            offset &+= 8
        }
        return word(text, count &- 8) == word(name, count &- 8) && at[count] == 0x22
    }

    @inline(__always) private static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
