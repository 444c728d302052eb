@_spi(Engine) import JSON

/// The variables of one scope at run time: a parent and slots, in memory of the evaluation.
///
/// Frames that no function value holds are used again, so that a loop by tail calls needs no more memory as it runs.
struct Frame {
    private let base: UnsafeMutablePointer<Header>?

    struct Header {
        var parent: Frame
        var slots: Int32
        /// Whether a function value refers to this frame: then it must stay as it is.
        var captured: Bool
    }

    @inline(__always) static var none: Frame { Frame(base: nil) }
    /// The bound-ness of a slot: `undefined` may be bound, this is not.
    @inline(__always) static var unbound: Value { Value(head: 1 << 15, word: 0) }

    private init(base: UnsafeMutablePointer<Header>?) { self.base = base }

    @inline(__always) init(at memory: UnsafeMutableRawPointer, slots: Int, parent: Frame) {
        base = memory.assumingMemoryBound(to: Header.self)
        base.unsafelyUnwrapped.initialize(to: Header(parent: parent, slots: Int32(slots), captured: false))
        let values = self.values
        for at in 0..<slots { values[at] = Self.unbound }
    }

    @inline(__always) static func size(slots: Int) -> Int { 16 + slots * 16 }

    @inline(__always) var address: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(base) }
    @inline(__always) var parent: Frame { base.unsafelyUnwrapped.pointee.parent }
    @inline(__always) var slots: Int { Int(base.unsafelyUnwrapped.pointee.slots) }
    @inline(__always) var captured: Bool { base.unsafelyUnwrapped.pointee.captured }

    @inline(__always) var values: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(base.unsafelyUnwrapped) + 16).assumingMemoryBound(to: Value.self)
    }

    @inline(__always) subscript(_ slot: Int) -> Value {
        get { values[slot] }
        nonmutating set { values[slot] = newValue }
    }

    @inline(__always) func up(_ hops: Int) -> Frame {
        var frame = self
        for _ in 0..<hops { frame = frame.parent }
        return frame
    }

    /// Marks this frame and those around it as held by a function value.
    func capture() {
        var frame = self
        while let base = frame.base, !base.pointee.captured {
            base.pointee.captured = true
            frame = base.pointee.parent
        }
    }
}
