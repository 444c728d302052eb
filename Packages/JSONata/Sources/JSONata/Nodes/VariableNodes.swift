@_spi(Engine) import JSON

/// A place where a variable may be found at run time.
struct VariablePlace: Sendable {
    enum Kind { case slot(Int), tuple }

    var hops: Int
    var kind: Kind
    /// Whether the slot always holds a value: then nothing further out is looked at.
    var certain = false
}

/// A variable that is a parameter, or bound in the innermost scopes.
final class SlotNode: Node, @unchecked Sendable {
    let hops: Int
    let slot: Int
    let keepArray: Bool

    init(hops: Int, slot: Int, keepArray: Bool) {
        self.hops = hops
        self.slot = slot
        self.keepArray = keepArray
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) -> Value {
        c.unwrap(frame.up(hops)[slot], keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value { frame.up(hops)[slot] }
}

/// A variable that may be found in several scopes, in the caller's bindings or among the functions.
final class VariableNode: Node, @unchecked Sendable {
    let key: Value
    let places: [VariablePlace]
    let global: Int
    let native: NativeFunction?
    let keepArray: Bool
    /// Whether it is `$$`, which is the input document where nothing else is bound.
    private let isRoot: Bool

    init(
        _ key: Value, _ places: [VariablePlace], global: Int, native: NativeFunction?, keepArray: Bool,
        isRoot: Bool = false
    ) {
        self.key = key
        self.places = places
        self.global = global
        self.native = native
        self.keepArray = keepArray
        self.isRoot = isRoot
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        for place in places {
            let scope = frame.up(place.hops)
            switch place.kind {
            case .slot(let slot):
                let value = scope[slot]
                if value.head != Frame.unbound.head { return value }
            case .tuple:
                let tuple = scope[0]
                let at = tuple.isObject ? tuple.position(of: key) : -1
                if at >= 0 { return tuple.members[at].value }
            }
        }
        let value = c.state.pointee.globals[global]
        if value.head != Frame.unbound.head { return value }
        if isRoot { return c.state.pointee.root }
        return native.map { c.make($0) } ?? .undefined
    }
}

/// `$x := value`.
final class BindNode: Node, @unchecked Sendable {
    let hops: Int
    let slot: Int
    let value: Node

    init(hops: Int, slot: Int, value: Node) {
        self.hops = hops
        self.slot = slot
        self.value = value
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let result = try value.evaluate(c, input, frame)
        frame.up(hops)[slot] = result
        c.leave()
        return c.unwrap(result)
    }
}

/// `( … ; … )`.
final class BlockNode: Node, @unchecked Sendable {
    let items: [Node]
    private let references: Refs<Node>
    /// Variables of the block; none needs no frame.
    var slots = 0
    let keepArray: Bool

    init(_ items: [Node], keepArray: Bool) {
        self.items = items
        references = Refs(items)
        self.keepArray = keepArray
    }

    deinit { references.deallocate() }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var result = Value.undefined
        let inner = slots > 0 ? c.frame(slots: slots, parent: frame) : frame
        for at in 0..<references.count { result = try references.evaluate(at, c, input, inner) }
        if slots > 0, result.head != ThunkNode.mark.head { c.release(inner) }
        c.leave()
        return result
    }
}

/// An expression whose own variables are not in a block.
final class ScopeNode: Node, @unchecked Sendable {
    let body: Node
    let slots: Int

    init(_ body: Node, slots: Int) {
        self.body = body
        self.slots = slots
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try body.evaluate(c, input, c.frame(slots: slots, parent: frame))
    }
}
