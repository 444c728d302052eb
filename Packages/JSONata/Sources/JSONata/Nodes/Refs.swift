@_spi(Engine) import JSON

/// References to nodes in plain memory, for loops over them that need not count references.
///
/// The owner keeps the objects alive by other means and calls `deallocate` in its `deinit`.
struct Refs<Object: AnyObject>: @unchecked Sendable {
    // Written once, in `init`.
    private let base: UnsafeMutablePointer<Unmanaged<Object>>
    let count: Int

    init(_ objects: [Object]) {
        count = objects.count
        base = .allocate(capacity: max(count, 1))
        for (at, object) in objects.enumerated() { (base + at).initialize(to: .passUnretained(object)) }
    }

    func deallocate() { base.deallocate() }

    @inline(__always) subscript(_ at: Int) -> Unmanaged<Object> {
        assert(at < count)
        return base[at]
    }
}

extension Refs where Object == Node {
    @inline(__always)
    func evaluate(_ at: Int, _ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try self[at]._withUnsafeGuaranteedRef { try $0.evaluate(c, input, frame) }
    }
}
